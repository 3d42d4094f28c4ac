"""Tables of answers as workbooks of a spreadsheet, and the accounts back in from a team's own sheet."""
