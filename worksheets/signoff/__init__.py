"""Sign-off: reasons beside points, comments, decisions, the file that is issued, and what becomes of it afterwards."""
