"""The front page of a quick check, on one side of A4, and what all checks say side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from worksheets.fields import PlainRow, Scope, short_date, text
from worksheets.presentation import Block, Cell, Column, Items, Part, Row, Table, Words
from worksheets.words import counted, fitted, listed, of_all, some
from worksheets.workbook import Reading, Told, given
from worksheets.workbooks.quick_check.changes import WHETHER, dropped, long_done, to_do
from worksheets.workbooks.quick_check.keys import ACTIONS, ALL, FOUR, HABITS, in_words, verdicts

# What fits on one side of A4: how many actions that are still to be done, and how many letters of each text.
ACTIONS_ON_PAPER, WHAT_ON_PAPER, OWNER_ON_PAPER, REASON_ON_PAPER = 5, 70, 24, 90
# How many checks stand side by side.
RUNS_ACROSS = 6
UNKNOWN = "Not answered yet"
ELSEWHERE = "See the full record"
# The better an answer, the higher. The guide knows yes and no only, so that "not sure" is no better than no.
RANK = {"no": 0, "unsure": 0, "partly": 1, "yes": 2}


def front(reading: Reading, *, paper: bool) -> tuple[Part, ...]:
    """Each question and habit in a line: its answer, that of the check before, and what will change."""
    scope = reading.scope
    actions = [action for action in scope.rows(ACTIONS) if not long_done(action, scope)]
    plans, more = planned(actions, paper=paper)
    blocks = (
        *in_short(scope),
        table("Is it right and working?", FOUR, scope, plans),
        table("Thirteen habits", HABITS, scope, plans),
        *((Words(f"And {counted(more, 'more action')}, in the full record."),) if more else ()),
        *unfinished(scope),
        *review(scope, paper=paper),
    )
    return (Part("check-on-a-page", "Where you stand, and what will change", blocks),)


def before(scope: Scope) -> Mapping[str, str] | None:
    """The answers of the check before; None where there is none, or nothing in it."""
    return (verdicts(scope.beside["before"].scope) if "before" in scope.beside else None) or None


def in_short(scope: Scope) -> tuple[Block, ...]:
    """The check in a few words: how much is a yes, and whether that is better than last time."""
    now, past = verdicts(scope), before(scope)
    if not now:
        return (Words("No question is answered yet.", "unanswered"),)
    habits = [now[key] for key in HABITS if now.get(key, "not-applicable") != "not-applicable"]
    said = [f"{of_all(sum(now.get(key) == 'yes' for key in FOUR), len(FOUR), 'question')} answered with yes."]
    if habits:
        said.append(f"{of_all(habits.count('yes'), len(habits), 'habit')} fully kept.")
    if past is not None:
        ways = [change(now.get(key, ""), past.get(key, "")) for key in ALL]
        moved = [f"{ways.count(way)} {way}" for way in ("better", "worse") if way in ways]
        said.append(f"Since {scope.beside['before'].origin}: {listed(moved) or 'nothing better or worse'}.")
    return (Words(" ".join(said)),)


def change(now: str, past: str) -> str:
    """Whether an answer is better or worse than last time; "" where it is neither, or one of them is not known."""
    step = RANK[now] - RANK[past] if now in RANK and past in RANK else 0
    return "better" if step > 0 else "worse" if step < 0 else ""


def table(title: str, names: Mapping[str, str], scope: Scope, plans: Mapping[str, Cell]) -> Table:
    """A line for each key: its answer, with how it moved; that of last time if there was one; what will change."""
    now, past = verdicts(scope), before(scope)

    def answer(key: str) -> str:
        way = change(now.get(key, ""), past.get(key, "")) if past is not None else ""
        return f"{in_words(key, now.get(key, '')) or UNKNOWN}{f' ({way})' if way else ''}"

    columns = (
        Column(title, 9),
        Column("Now", 4),
        *((Column("Last time", 4),) if past is not None else ()),
        Column("What will change", 10, written=True),
    )
    rows = tuple(
        (
            name,
            answer(key),
            *((in_words(key, past.get(key, "")) or "No answer",) if past is not None else ()),
            plans[key],
        )
        for key, name in names.items()
    )
    return Table(title, columns, rows, quiet=True)


def planned(actions: Sequence[PlainRow], *, paper: bool) -> tuple[dict[str, Cell], int]:
    """What will change, by the key that it is about, and how many actions there was no room for."""
    about = {key: [action for action in actions if text(action, "about") == key] for key in ALL}
    waiting = [action for of_key in about.values() for action in of_key if to_do(action)]
    # In the order of the page, so that those without room are the last on it.
    elsewhere = waiting[ACTIONS_ON_PAPER:] if paper else []
    elsewhere += [action for action in actions if text(action, "about") not in ALL]
    cells: dict[str, Cell] = {}
    for key, of_key in about.items():
        first = sorted(of_key, key=lambda action: not to_do(action))
        said = [*dict.fromkeys(ELSEWHERE if action in elsewhere else told(action, paper=paper) for action in first)]
        said = some(said, ACTIONS_ON_PAPER + 2) if paper else said
        cells[key] = Items(tuple(said)) if len(said) > 1 else "".join(said)
    return cells, len(elsewhere)


def told(action: PlainRow, *, paper: bool) -> str:
    """An action in a cell: who does what by when, or that it is done, or why nothing changes."""
    if dropped(action):
        return "Left as it is" if paper else f"Left as it is: {text(action, 'because')}"
    what = text(action, "what") or "Nothing said yet"
    if given(action, "done"):
        done = f"Done on {short_date(text(action, 'done'))}"
        return done if paper else f"{done}: {what}"
    owner = text(action, "owner") or "nobody named yet"
    due = f"by {short_date(text(action, 'due'))}" if given(action, "due") else "no date yet"
    if paper:
        what, owner = fitted(what, WHAT_ON_PAPER), fitted(owner, OWNER_ON_PAPER)
    return f"{what.rstrip('.')} ({owner}, {due})"


def unfinished(scope: Scope) -> tuple[Block, ...]:
    """What nobody has said yet about changes, where they were not looked at."""
    if "actions" in scope.answers.get("changes", {}):
        return ()
    return (Words("What will change is not answered yet.", "unanswered"),)


def review(scope: Scope, *, paper: bool) -> tuple[Block, ...]:
    """Whether a full review begins, where that is answered."""
    answer = scope.answer("changes", "start_review")
    said, because = WHETHER.get(text(answer, "start_review"), ""), text(answer, "because")
    lines = ". ".join(filter(None, (said, fitted(because, REASON_ON_PAPER) if paper else because)))
    return (Row("Full review", (lines,), written=True),) if lines else ()


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
