"""The tests: one file for each page or capability."""
