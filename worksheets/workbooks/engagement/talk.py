"""Stage 3: what each group is told, what it is asked, and who handles what comes back (003)."""

from __future__ import annotations

from worksheets.fields import Day, Reference, RowForm, Rows, Scope, Text, text
from worksheets.workbook import Found, Question, QuestionForm, Stage, every, ids, rule, some
from worksheets.workbooks.engagement.tables import GROUPS, QUESTIONS

# The one question that the guide would always ask of people who have used a service, in our words.
RECOMMEND = "You have used this service. Would you recommend it to somebody you know?"


class ConversationRow(RowForm):
    group = Reference("Which group is it with?", GROUPS, needed=True, short="Group", ask="Choose the group")
    tell = Text(
        "What will you tell them?",
        "What they need to know before they can answer.",
        lines=2,
        needed=True,
        short="What we tell them",
        ask="Enter what you will tell them",
    )
    hear = Text(
        "What will you ask them?",
        "In the words they would use.",
        lines=2,
        needed=True,
        short="What we ask",
        ask="Enter what you will ask them",
    )
    handled_by = Text(
        "Who handles what they say?",
        needed=True,
        half=True,
        short="Handled by",
        ask="Enter who handles what they say",
        suggests="people",
    )
    by = Day("When do you need their answers?", "For example, 28 2 2027.", half=True, short="Answers by")
    decides = Text(
        "Which decision will it help?", "What it is, who takes it, and when.", lines=2, short="Helps to decide"
    )


class QuestionsForm(QuestionForm):
    questions = Rows(
        "Your conversations",
        ConversationRow,
        "One for each thing you ask a group. Up to twelve; a few are better.",
        noun="conversation",
        words="hear",
        telling=("group", "handled_by"),
        least=1,
        most=12,
        ask="Add at least one conversation",
        short="Conversations",
        offers=(RECOMMEND,),
        offers_label="A question worth asking",
    )


@rule(
    "talk.nobody-handles",
    "stop",
    "questions",
    "questions.handled_by",
    of=QUESTIONS,
    why="Before you ask, know how you will handle what you learn (Smart guide to engagement, about 2012).",
    says="Nobody handles what people say to {them}. Name somebody, or do not ask it.",
)
def nobody_handles(scope: Scope) -> Found:
    return ids(row for row in scope.rows(QUESTIONS) if text(row, "hear") and not text(row, "handled_by"))


@rule(
    "talk.group-unasked",
    "warn",
    "questions",
    "questions.group",
    of=GROUPS,
    why="All talk on social media goes two ways: invite people to tell you what they think (Smart guide to engagement, "
    "about 2012).",
    needs=(some(GROUPS), every(QUESTIONS, "group")),
    says=(
        "You ask {them} nothing yet. Add a conversation, or take the group out of {question:groups}.",
        "You ask {them} nothing yet. Add a conversation for each, or take the groups out of {question:groups}.",
    ),
)
def group_unasked(scope: Scope) -> Found:
    return set(ids(scope.rows(GROUPS))) - set(ids(scope.rows(QUESTIONS), "group"))


STAGE = Stage(
    key="talk",
    title="What you tell and ask",
    short="what you tell and ask",
    questions=(
        Question(
            "questions",
            "What will you tell them, what will you ask, and who handles it?",
            "Conversations",
            QuestionsForm,
            minutes=10,
            reading=("learning",),
        ),
    ),
    rules=(nobody_handles, group_unasked),
)
