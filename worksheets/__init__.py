"""Workbooks for communications teams: what is asked in them, what is answered, and what comes out."""

__version__ = "2.3.0"
