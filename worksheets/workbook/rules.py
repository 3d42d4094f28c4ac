"""What a rule is: one way in which answers may not fit together, with what it needs, what silences it and what it says.

The five principles of findings are the frame's and not left to the care of each rule: a rule is not asked while what it
needs is missing, it falls silent where another one is nearer to the cause, its subjects are grouped by its level, and
what it quotes is quoted in one way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from worksheets.fields import Plain, PlainRow, RowsOf, Scope, text
from worksheets.presentation import Finding, Level
from worksheets.words import listed, shortened

# What the subjects of a rule are called, by their ids: the words of rows, the names of platforms.
Naming = Callable[[Scope], Mapping[str, str]]
# The ids of what a rule is about; for a rule about no rows in particular, whether it holds.
Found = Iterable[str] | bool
# What a rule says of one subject and of several, or how it says it.
Says = str | tuple[str, str] | Callable[[Scope, tuple[str, ...]], str]
# The one subject of a rule that is about nothing in particular.
WHOLE = ""
# How many letters of each subject are quoted: fewer the more there are.
QUOTED = ((1, 90), (3, 60), (1_000, 40))


@dataclass(frozen=True)
class Need:
    """What must be known before a rule is asked: unknown is not no."""

    words: str
    met: Callable[[Scope], bool]


def given(row: Mapping[str, Plain], name: str) -> bool:
    """Whether a field of an answer or of a row holds something: the number 0 does."""
    return row.get(name) not in (None, "", [], {})


def some(table: RowsOf) -> Need:
    """There is at least one row."""
    return Need(f"there are {table.noun}s", lambda scope: bool(scope.rows(table)))


def every(table: RowsOf, *names: str) -> Need:
    """There is at least one row, and each has these fields."""
    return Need(
        f"every {table.noun} has its {', '.join(names)}",
        lambda scope: bool(scope.rows(table)) and all(given(row, name) for row in scope.rows(table) for name in names),
    )


def answered(stage: str, question: str, name: str) -> Need:
    """A field of a question is answered."""
    return Need(f"{question}.{name} is answered", lambda scope: given(scope.answer(stage, question), name))


@dataclass(frozen=True)
class Silence:
    """Where a rule gives way to one that is nearer to the cause.

    `covers` is asked for each subject, with what the other rule found.
    """

    nearer: Rule
    covers: Callable[[Scope, str, frozenset[str]], bool]


def while_holds(nearer: Rule) -> Silence:
    """The rule says nothing while the nearer one finds anything at all."""
    return Silence(nearer, lambda scope, subject, found: bool(found))


def where_holds(nearer: Rule) -> Silence:
    """The rule says nothing about the subjects that the nearer one is about."""
    return Silence(nearer, lambda scope, subject, found: subject in found)


@dataclass(frozen=True)
class Rule:
    """One way in which answers may not fit together. It lives with the stage that mends it.

    `question` and `field` are where it is mended: a field of the form, or one of the fields of its rows ("smart.due"),
    and `mended_in` is the stage of that where the id names another. `of` says what its subjects are called. `why` says
    why it matters, with its source. `finds` is a pure function of the whole review, and only asked when all `needs` are
    met. `begins` is the key of a workbook that is begun because of it: the point leads there. `drafts` is that of a
    document among the policies, to which it leads in the same way. The table of findings in the method gives ids,
    levels, conditions and subjects.
    """

    id: str
    level: Level
    question: str
    field: str
    of: Naming | None
    why: str
    needs: tuple[Need, ...]
    silent: tuple[Silence, ...]
    says: Says
    finds: Callable[[Scope], Found]
    begins: str = ""
    mended_in: str = ""
    drafts: str = ""

    @property
    def stage(self) -> str:
        """The stage that mends it: that of its id, unless it is said."""
        return self.mended_in or self.id.partition(".")[0]

    def found(self, scope: Scope) -> frozenset[str]:
        """What the rule is about, as the answers stand; nothing while what it needs is missing or it gives way."""
        if not all(need.met(scope) for need in self.needs):
            return frozenset()
        finds = self.finds(scope)
        found = frozenset((WHOLE,) if finds else ()) if isinstance(finds, bool) else frozenset(finds)
        for silence in self.silent if found else ():
            theirs = silence.nearer.found(scope)
            found = frozenset(subject for subject in found if not silence.covers(scope, subject, theirs))
        return found

    def findings(self, scope: Scope) -> list[Finding]:
        """What there is to say: one gap is one point. What says stop is said of each subject by itself."""
        found = sorted(self.found(scope))
        groups = [(subject,) for subject in found] if self.level == "stop" else [tuple(found)] if found else []
        return [self.told(scope, () if subjects == (WHOLE,) else subjects) for subjects in groups]

    def told(self, scope: Scope, subjects: tuple[str, ...]) -> Finding:
        """The finding about these subjects of the rule: all that it found, or some of them."""
        message = mended(self.message(scope, subjects))
        return Finding(
            self.id,
            self.level,
            self.stage,
            self.question,
            message,
            subjects,
            self.why,
            self.field,
            self.begins,
            self.drafts,
        )

    def message(self, scope: Scope, subjects: tuple[str, ...]) -> str:
        if callable(self.says):
            return self.says(scope, subjects)
        one, several = (self.says, self.says) if isinstance(self.says, str) else self.says
        # The team's own words go in last: whatever stands in them is theirs.
        said = scope.with_numbers(several if len(subjects) > 1 else one)
        # Of those about whom there is nothing, it is said that there is none for one "or" the other.
        joint, hole = ("or", "{any}") if "{any}" in said else ("and", "{them}")
        return said.replace(hole, self.them(scope, subjects, joint))

    def them(self, scope: Scope, subjects: tuple[str, ...], joint: str = "and") -> str:
        """The subjects in words, in an order that does not depend on the order of rows."""
        if not self.of or not subjects:
            return ""
        return together(self.of(scope), subjects, joint)


def together(names: Mapping[str, str], subjects: tuple[str, ...], joint: str = "and") -> str:
    """Subjects in words, each by its name there, in an order that does not depend on the order of rows."""
    most = next(letters for count, letters in QUOTED if len(subjects) <= count)
    return listed(sorted((shorter(names.get(key, key), most) for key in subjects), key=str.casefold), joint)


def rule(
    id: str,
    level: Level,
    question: str,
    field: str = "",
    *,
    of: RowsOf | Naming | None = None,
    why: str,
    says: Says,
    needs: tuple[Need, ...] = (),
    silent: tuple[Silence, ...] = (),
    begins: str = "",
    mended_in: str = "",
    drafts: str = "",
) -> Callable[[Callable[[Scope], Found]], Rule]:
    """Make a rule of the function below."""
    naming = rows_named(of) if isinstance(of, RowsOf) else of
    return lambda finds: Rule(
        id, level, question, field, naming, why, needs, silent, says, finds, begins, mended_in, drafts
    )


def rows_named(table: RowsOf) -> Naming:
    """The rows of a table by id, each in its own words in quotation marks; one without words by its place."""

    def names(scope: Scope) -> dict[str, str]:
        words = {text(row, "id"): text(row, table.words) for row in scope.rows(table)}
        return {key: quoted(name) if words[key] else name for key, name in scope.named(table).items()}

    return names


def ids(rows: Iterable[PlainRow], name: str = "id") -> tuple[str, ...]:
    """The ids of rows, or of what the rows of a keyed table belong to."""
    return tuple(text(row, name) for row in rows)


def quoted(words: str, most: int = 0) -> str:
    """Words in quotation marks, without the full stop at their end, and cut between words when they are long."""
    line = " ".join(words.split())
    line = line[:-1] if line.endswith(".") and not line.endswith("..") else line
    return f"“{shortened(line, most) if most else line}”"


def shorter(name: str, most: int) -> str:
    """A name cut between words when it is long; what stands in quotation marks stays in them."""
    return quoted(name[1:-1], most) if name[:1] == "“" else shortened(name, most)


def mended(message: str) -> str:
    """A message without a second full stop behind a quotation that ends its sentence."""
    return re.sub(r"([.!?…]”)\.", r"\1", message)
