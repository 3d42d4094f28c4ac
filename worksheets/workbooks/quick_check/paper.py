"""The front page of a quick check, on one side of A4, and what all checks say side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from worksheets.fields import PlainRow, Scope, spoken_date, text
from worksheets.presentation import Block, Column, Part, Row, Table, Words
from worksheets.words import counted, listed, of_all, shortened, some
from worksheets.workbook import Reading, Told, given
from worksheets.workbooks.quick_check.changes import WHETHER, dropped
from worksheets.workbooks.quick_check.keys import ACTIONS, ALL, FOUR, HABITS, in_words, verdicts

# What fits on one side of A4 beside four questions and thirteen habits: how many actions, and letters of each text.
ACTIONS_ON_PAPER, WHAT_ON_PAPER, OWNER_ON_PAPER, REASON_ON_PAPER = 6, 90, 40, 120
# How many checks stand side by side.
RUNS_ACROSS = 6
UNKNOWN = "Not answered yet"
# The better an answer, the higher. The guide knows yes and no only, so that "not sure" is no better than no.
RANK = {"no": 0, "unsure": 0, "partly": 1, "yes": 2}


def front(reading: Reading, *, paper: bool) -> tuple[Part, ...]:
    """What was found and what will change; each answer beside that of the check before, where there is one."""
    scope = reading.scope
    return (
        Part("check-in-short", "In short", in_short(scope)),
        Part("check-four", "Is it right, and is it working?", (four(scope, paper=paper),)),
        Part("check-habits", "Thirteen habits", (table("Habits", "Habit", HABITS, scope),)),
        Part("check-changes", "What will change", changes(scope, paper=paper)),
    )


def before(scope: Scope) -> Mapping[str, str] | None:
    """The answers of the check before; None where there is none."""
    return verdicts(scope.beside["before"].scope) if "before" in scope.beside else None


def in_short(scope: Scope) -> tuple[Block, ...]:
    """The check in a few words: how much is a yes, and whether that is better than last time."""
    now, past = verdicts(scope), before(scope)
    if not now:
        return (Words("No question is answered yet.", "unanswered"),)
    habits = [now[key] for key in HABITS if now.get(key, "not-applicable") != "not-applicable"]
    said = [
        f"{of_all(sum(now.get(key) == 'yes' for key in FOUR), len(FOUR), 'question')} answered with yes.",
        f"{of_all(habits.count('yes'), len(habits), 'habit')} fully kept.",
    ]
    if past is not None:
        ways = [change(now.get(key, ""), past.get(key, "")) for key in ALL]
        moved = [f"{ways.count(way)} {way.lower()}" for way in ("Better", "Worse") if way in ways]
        since = f"Since the check that began on {spoken_date(scope.beside['before'].starts)}"
        said.append(f"{since}: {listed(moved) or 'nothing better or worse'}.")
    lacking = len(ALL) - len(now)
    return (
        Words(" ".join(said)),
        *((Words(f"{counted(lacking, 'answer')} still missing.", "unanswered"),) if lacking else ()),
    )


def change(now: str, past: str) -> str:
    """Whether an answer is better or worse than last time; "" where one is not known or does not apply."""
    if now not in RANK or past not in RANK:
        return ""
    step = RANK[now] - RANK[past]
    return "Better" if step > 0 else "Worse" if step < 0 else "Same"


def table(
    title: str, what: str, names: Mapping[str, str], scope: Scope, shows: Mapping[str, str] | None = None
) -> Table:
    """A line for each key: its answer, that of the check before if there is one, and what shows it if that is told."""
    now, past = verdicts(scope), before(scope)
    told: dict[str, tuple[str, ...]] = {
        key: (name, in_words(key, now.get(key, "")) or UNKNOWN) for key, name in names.items()
    }
    columns: tuple[Column, ...] = (Column(what, 5), Column("Now", 2))
    if past is not None:
        columns += (Column("Last time", 2), Column("Change", 2))
        for key in told:
            told[key] += (in_words(key, past.get(key, "")), change(now.get(key, ""), past.get(key, "")))
    if shows is not None:
        columns += (Column("What shows it", 5, written=True),)
        for key in told:
            told[key] += (shows[key],)
    return Table(title, columns, tuple(told.values()), quiet=True)


def four(scope: Scope, *, paper: bool) -> Table:
    """The four questions; on paper what shows each answer stands in the record behind."""
    answer = scope.answer("working", "four")
    shows = {key: text(answer, f"{key}_shows") for key in FOUR}
    return table("The four questions", "Question", FOUR, scope, None if paper else shows)


def changes(scope: Scope, *, paper: bool) -> tuple[Block, ...]:
    """The actions, those to be done first; what is left as it is; and whether a review of the strategy begins."""
    blocks: list[Block] = []
    rows = scope.rows(ACTIONS)
    actions = sorted((row for row in rows if not dropped(row)), key=lambda row: given(row, "done"))
    shown = actions[:ACTIONS_ON_PAPER] if paper else actions
    if shown:
        columns = (
            Column("About", 4),
            Column("Action", 6, written=True),
            Column("Owner", 3, written=True),
            Column("By when", 2),
        )
        blocks.append(Table("Actions", columns, tuple(action_cells(row, paper=paper) for row in shown), quiet=True))
    if len(shown) < len(actions):
        blocks.append(Words(f"And {len(actions) - len(shown)} more, in the record behind."))
    blocks += left(rows, paper=paper)
    if not rows:
        known = "actions" in scope.answers.get("changes", {})
        blocks.append(Words("No action is planned.") if known else Words(f"{UNKNOWN}.", "unanswered"))
    return (*blocks, *review(scope, paper=paper))


def action_cells(row: PlainRow, *, paper: bool) -> tuple[str, ...]:
    """An action in a line of the table."""
    due = spoken_date(text(row, "due")) if text(row, "due") else "Not set yet"
    when = f"Done {spoken_date(text(row, 'done'))}" if text(row, "done") else due
    what, owner = text(row, "what") or UNKNOWN, text(row, "owner") or "Nobody yet"
    return (
        ALL.get(text(row, "about"), UNKNOWN),
        shortened(what, WHAT_ON_PAPER) if paper else what,
        shortened(owner, OWNER_ON_PAPER) if paper else owner,
        when,
    )


def left(rows: Sequence[PlainRow], *, paper: bool) -> tuple[Block, ...]:
    """What was decided to be left as it is; on paper the reasons stand in the record behind."""
    known = [(ALL.get(text(row, "about"), UNKNOWN), text(row, "because")) for row in rows if dropped(row)]
    if not known:
        return ()
    if paper:
        names = listed(some([name for name, _ in known], 4))
        return (Words(f"Left as it is, for reasons given in the record behind: {names}."),)
    return (Table("Left as it is", (Column("About", 4), Column("Why", 8, written=True)), tuple(known)),)


def review(scope: Scope, *, paper: bool) -> tuple[Block, ...]:
    """Whether a full review begins, where that is answered."""
    answer = scope.answer("changes", "start_review")
    said, because = WHETHER.get(text(answer, "start_review"), ""), text(answer, "because")
    lines = tuple(filter(None, (said, shortened(because, REASON_ON_PAPER) if paper else because)))
    return (Row("Start a full review of the strategy", lines, written=True),) if lines else ()


def across(runs: Sequence[Told]) -> tuple[Block, ...]:
    """Every question and habit by check: the last six, oldest first."""
    last = [(name, verdicts(scope)) for name, scope in runs[-RUNS_ACROSS:]]
    if not last:
        return ()
    columns = (Column("Question or habit", 4), *(Column(name, 2, named=True) for name, _ in last))
    rows = tuple(
        (name, *(in_words(key, said.get(key, "")) or UNKNOWN for _, said in last)) for key, name in ALL.items()
    )
    return (Table("Every answer, check by check", columns, rows, ids=tuple(ALL)),)
