"""The six stages in order: the only list of stages in the code."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from worksheets.stages import alignment, content, drivers, evaluation, resources, stakeholders
from worksheets.stages.base import Question, QuestionForm, Stage


def in_order(*stages: Stage) -> tuple[Stage, ...]:
    """The stages with their numbers, and their questions numbered through, as the source counts them."""
    numbers = count(1)
    return tuple(
        replace(
            stage,
            number=n,
            questions=tuple(
                replace(
                    question,
                    stage=stage.key,
                    number=next(numbers),
                    rules=tuple(rule for rule in stage.rules if rule.question == question.key),
                )
                for question in stage.questions
            ),
        )
        for n, stage in enumerate(stages, 1)
    )


STAGES = in_order(drivers.STAGE, alignment.STAGE, stakeholders.STAGE, resources.STAGE, content.STAGE, evaluation.STAGE)
STAGE = {stage.key: stage for stage in STAGES}
QUESTIONS = tuple(question for stage in STAGES for question in stage.questions)
RULES = tuple(rule for stage in STAGES for rule in stage.rules)
RULE = {rule.id: rule for rule in RULES}
QUESTION = {question.key: question for question in QUESTIONS}

__all__ = ["QUESTION", "QUESTIONS", "RULE", "RULES", "STAGE", "STAGES", "Question", "QuestionForm", "Stage"]
