"""The tables of rows of the engagement plan that other answers point into, or that rules hold against each other."""

from __future__ import annotations

from worksheets.fields import RowsOf

GROUPS = RowsOf("people", "groups", "groups", words="who", noun="group")
QUESTIONS = RowsOf("talk", "questions", "questions", words="hear", noun="conversation")
HEARD = RowsOf("close", "heard", "heard", words="heard", noun="theme")
