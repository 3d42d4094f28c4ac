"""The dates of an organisation: a feed for each person, and a file for each review."""
