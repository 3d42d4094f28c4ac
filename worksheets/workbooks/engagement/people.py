"""Stage 2: whom the team asks, where they are, and how else it reaches those who are seldom heard (003)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from worksheets.fields import Choice, Number, Plain, Platforms, RowForm, Rows, RowsOf, Scope, Text, pairs, text
from worksheets.workbook import Found, Offer, Question, QuestionForm, Reading, Stage, ids, rule
from worksheets.workbooks.engagement.tables import GROUPS

YES_NO = {"yes": "Yes", "no": "No"}
# What the strategy review knows of people: who they are, and where.
STAKEHOLDERS = RowsOf("stakeholders", "stakeholders", "stakeholders", words="name", noun="stakeholder")
PRESENCE = RowsOf("stakeholders", "presence", "presence", words="stakeholder", noun="stakeholder")


class GroupRow(RowForm):
    who = Text(
        "Who are they?",
        "For example, parents who work full time.",
        needed=True,
        short="Group",
        ask="Enter who they are",
    )
    size = Number("About how many people are they?", short="People")
    seldom_heard = Choice("Do you seldom hear from them?", YES_NO, inline=True, short="Seldom heard")
    why_seldom = Text(
        "Why do you seldom hear from them?",
        "For example, no time, no trust, another language.",
        lines=2,
        when=("seldom_heard", "yes"),
        short="Why seldom",
    )
    platforms = Platforms("Where are they online?", "Tick only what you know.", short="Online")
    other_way = Text(
        "How else can they take part?",
        "A way that is not digital: a phone line, a visit, a card at the desk.",
        lines=2,
        short="Another way to take part",
    )
    partner = Text("Whom do they trust?", "A charity, a forum or a leader who could ask with you.", short="Partner")


class GroupsForm(QuestionForm):
    groups = Rows(
        "Your groups",
        GroupRow,
        "One to eight. Begin with the people who could tell you most.",
        noun="group",
        words="who",
        telling=("seldom_heard", "platforms"),
        least=1,
        most=8,
        ask="Add at least one group",
        short="Groups",
    )


@rule(
    "people.seldom-heard-digital-only",
    "warn",
    "groups",
    "groups.other_way",
    of=GROUPS,
    why="Some people do not use digital media, and only other ways reach them (Smart guide to engagement, about 2012).",
    says=(
        "You seldom hear from {them}, and they can take part online only. Add a way that is not digital.",
        "You seldom hear from {them}, and they can take part online only. Add a way that is not digital for each.",
    ),
)
def seldom_heard_digital_only(scope: Scope) -> Found:
    rows = scope.rows(GROUPS)
    return ids(row for row in rows if text(row, "seldom_heard") == "yes" and not text(row, "other_way"))


def stakeholders(reading: Reading) -> Iterable[Mapping[str, Plain]]:
    """The stakeholders of a strategy review as groups: who they are, how many, where online, and how else reached."""
    scope = reading.scope
    where = {text(row, "stakeholder"): pairs(row, "use") for row in scope.rows(PRESENCE)}
    return [
        {
            "who": text(row, "name"),
            "size": row.get("size"),
            "platforms": list(where.get(text(row, "id"), {})),
            "other_way": text(row, "elsewhere") or None,
        }
        for row in scope.rows(STAKEHOLDERS)
    ]


STAKEHOLDERS_OFFERED = Offer(
    question="groups",
    table="groups",
    workbook="strategy",
    title="Stakeholders",
    rows=stakeholders,
)

STAGE = Stage(
    key="people",
    title="Whom you ask",
    short="whom you ask",
    questions=(
        Question(
            "groups",
            "Whom will you ask, and how can each take part?",
            "Groups",
            GroupsForm,
            minutes=8,
            reading=("platforms",),
        ),
    ),
    rules=(seldom_heard_digital_only,),
)
