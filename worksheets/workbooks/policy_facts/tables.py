"""The tables of rows of the facts that documents list, or that rules hold against each other."""

from __future__ import annotations

from worksheets.fields import RowsOf

STEPS = RowsOf("facts", "clearance", "steps", words="role", noun="step")
ACCOUNTS = RowsOf("facts", "holdings", "accounts", words="platform", noun="account")
RISKS = RowsOf("facts", "trouble", "risks", words="risk", noun="risk")
