"""Drawing on the server: one pen for all pictures and charts, and words measured so that they fit where they stand."""
