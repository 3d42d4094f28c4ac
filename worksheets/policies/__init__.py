"""Policies and processes: a library of clauses, documents made of it, their control, and the files they become."""
