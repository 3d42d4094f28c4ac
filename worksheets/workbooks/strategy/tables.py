"""The tables of rows of the strategy review that other answers point into, or that rules hold against each other."""

from __future__ import annotations

import re

from worksheets.fields import RowsOf

# The method's own pattern for an aim: how one begins, and how it is told that one does. Where aims stand together,
# their beginning is said once, or not at all.
BEGINS = "By using social media, {organisation} aims to"
PATTERN = re.compile(r"^By using social media, (?P<who>.{1,120}?) aims? to (?P<rest>.+)$", re.IGNORECASE | re.DOTALL)


def in_short(aim: str) -> str:
    """An aim without the words that every aim begins with."""
    line = " ".join(aim.split())
    match = PATTERN.match(line)
    rest = match["rest"] if match else line
    return rest[:1].upper() + rest[1:]


AIMS = RowsOf("drivers", "aims", "aims", words="statement", noun="aim", spoken=in_short)
OBJECTIVES = RowsOf("alignment", "objectives", "objectives", words="statement", noun="objective")
SMART = RowsOf("alignment", "smart", "smart", words="statement", noun="SMART objective")
STAKEHOLDERS = RowsOf("stakeholders", "stakeholders", "stakeholders", words="name", noun="stakeholder")
PRESENCE = RowsOf("stakeholders", "presence", "presence", words="stakeholder", noun="stakeholder")
EVIDENCE = RowsOf("stakeholders", "presence", "evidence", words="title", noun="source")
PLATFORMS = RowsOf("stakeholders", "platforms", "platforms", words="platform", noun="account")
SETUP = RowsOf("resources", "setup", "tasks", words="task", noun="task")
WEEKLY = RowsOf("resources", "weekly", "tasks", words="task", noun="task")
RISKS = RowsOf("resources", "success", "risks", words="risk", noun="risk")
STOPPING = RowsOf("resources", "stopping", "work", words="work", noun="piece of work")
STEPS = RowsOf("content", "signoff", "steps", words="role", noun="step")
ITEMS = RowsOf("content", "plan", "items", words="what", noun="item")
PROPORTION = RowsOf("content", "proportion", "proportion", words="warranted", noun="stakeholder")
MEASURES = RowsOf("evaluation", "measures", "measures", words="what", noun="measure")
