"""Tables of answers and actions as spreadsheets, and the accounts back in from a team's own sheet."""
