"""Two reviews side by side, and all of them in a line: pure functions of plain answers, and the pages made of them."""
