"""What is to be done after a review, a check or a talk: one list, one page, one rule of access."""
