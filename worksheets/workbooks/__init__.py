"""The workbooks that there are: the only list of them, and all that the engine ever imports from here."""

from __future__ import annotations

from worksheets.workbook import Question, Stage, Workbook
from worksheets.workbooks.channels import CHANNELS
from worksheets.workbooks.engagement import ENGAGEMENT
from worksheets.workbooks.policy_facts import POLICY_FACTS
from worksheets.workbooks.quick_check import QUICK_CHECK
from worksheets.workbooks.reflection import REFLECTION
from worksheets.workbooks.strategy import STRATEGY

# By their keys, the one that an organisation begins with first.
WORKBOOKS: dict[str, Workbook] = {
    workbook.key: workbook for workbook in (STRATEGY, QUICK_CHECK, ENGAGEMENT, CHANNELS, REFLECTION, POLICY_FACTS)
}


def first() -> Workbook:
    """The workbook that is meant where an address names none."""
    return next(iter(WORKBOOKS.values()))


def private() -> list[str]:
    """The keys of the workbooks of which a filled one is its owner's alone."""
    return [key for key, workbook in WORKBOOKS.items() if workbook.private]


def by_path(path: str) -> Workbook:
    """The workbook whose runs have that path in their addresses. KeyError when there is none."""
    return {workbook.path: workbook for workbook in WORKBOOKS.values()}[path]


def by_format(name: str) -> Workbook:
    """The workbook whose interchange files have that format, or had it before. KeyError when there is none."""
    formats = {one.format: workbook for workbook in WORKBOOKS.values() for one in workbook.earlier}
    return (formats | {workbook.format: workbook for workbook in WORKBOOKS.values()})[name]


def is_afterwards(stage: str) -> bool:
    """Whether the stage of that key is answered after a run was signed off."""
    found = (workbook.stage[stage] for workbook in WORKBOOKS.values() if stage in workbook.stage)
    return any(one.afterwards for one in found)


def of_stage(key: str) -> tuple[Workbook, Stage]:
    """A stage of any workbook, by its key: keys are unique over all of them. KeyError when there is none."""
    return {key: (workbook, stage) for workbook in WORKBOOKS.values() for key, stage in workbook.stage.items()}[key]


def of_question(key: str) -> tuple[Workbook, Question]:
    """A question of any workbook, by its key: keys are unique over all of them. KeyError when there is none."""
    return {key: (workbook, asked) for workbook in WORKBOOKS.values() for key, asked in workbook.question.items()}[key]
