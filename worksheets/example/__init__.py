"""The example: a finished review that ships with a workbook, read from its file for everybody to look at."""
