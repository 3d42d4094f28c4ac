"""How anything about a cycle is written: against what its page had seen, in a cycle that still allows it.

Step 4 of the line in the README. There is one lock. A page carries the `token` of what it showed; a write that finds
something else there raises `Overtaken`, and nobody's words are lost. There is one door to a cycle: `touch` holds it,
refuses when it is closed, and moves its stamp. Answers, whether to a question or to what became of a promise, are kept
in a `Place` and written by `save`: one conditional UPDATE, tried again when it met somebody else's.
"""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from worksheets.cleaning import clean
from worksheets.fields import Answer
from worksheets.models import Cycle, Revision, User, Worksheet
from worksheets.workbooks import is_afterwards

# Each round is lost only to somebody else's save, so this many in a row means that something is wrong.
ROUNDS = 60
# Saves of one question that are searched for the one that a page was loaded with, and how many are read at once. An
# hour of typing is about 300 of them.
SEARCHED, AT_ONCE = 2_000, 100
# What one person types within this time is one entry of the history.
ENTRY = timedelta(minutes=1)

State = Cycle.State
# The states of a cycle in which that may be answered which is asked afterwards.
AFTERWARDS = (State.OPEN, State.SIGNED_OFF)


class TooLate(Exception):
    """The cycle is not in a state any more in which this can be done: somebody submitted, decided or archived it."""

    def __init__(self, cycle: Cycle) -> None:
        super().__init__(f"{cycle.name} is {cycle.standing}.")
        self.cycle = cycle


class Overtaken(Exception):
    """Somebody else changed it since the page was loaded. `theirs` is what is there now; None when it is gone."""

    def __init__(self, theirs: Any) -> None:
        super().__init__("This was changed by somebody else in the meantime.")
        self.theirs = theirs


class Conflict(Overtaken):
    """Somebody saved the same answer since the page was loaded: who and when.

    `base` is what the page had shown; None when that is not known any more.
    """

    def __init__(self, theirs: Answer, base: Answer | None, by: User | None, at: datetime | None) -> None:
        super().__init__(theirs)
        self.base, self.by, self.at = base, by, at


class Completed(Exception):
    """The worksheet was completed since the page was loaded, so that nothing in it can be changed."""

    def __init__(self, worksheet: Worksheet) -> None:
        super().__init__("This worksheet is complete.")
        self.worksheet = worksheet


def token(shown: Any) -> str:
    """What tells one state of something kept from another: it travels in pages as `seen`. Empty for nothing at all."""
    if not shown:
        return ""
    # Databases keep neither the order of keys nor the difference of 7 and 7.0.
    text = json.dumps(shown, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _as_read(kept: Any) -> Any:
    """A text, or a row of them, as a page sends it back: what was kept before texts were cleaned is no change."""
    if isinstance(kept, dict):
        return {name: _as_read(value) for name, value in kept.items()}
    return clean(kept) if isinstance(kept, str) else kept


def differs(now: Any, mine: Any, seen: str, theirs: Any = None) -> bool:
    """Whether there is something to write: not when it is there already. Overtaken when what is there was not seen."""
    if _as_read(now) == mine:
        return False
    if token(now) != seen:
        raise Overtaken(theirs)
    return True


def touch(cycle: int, *states: State, archived: bool = False) -> None:
    """Move the stamp of a cycle, by its primary key, and hold its row until the transaction ends.

    Whatever is written about a cycle is written behind this, in one transaction: who submits or signs off waits until
    it is done, and what comes later is TooLate. That is raised unless the cycle is in one of these states (open, if
    none is given), and is `archived` or not.
    """
    rows = Cycle.objects.filter(pk=cycle, state__in=states or (State.OPEN,), archived_at__isnull=not archived)
    if not rows.update(stamp=F("stamp") + 1):
        raise TooLate(Cycle.objects.select_related("organisation").get(pk=cycle))


def touch_all(**which: Any) -> None:
    """Move the stamp of all cycles that show a name that changed."""
    Cycle.objects.filter(pk__in=Cycle.objects.filter(**which).values("pk")).update(stamp=F("stamp") + 1)


def writable(stage: str) -> tuple[State, ...]:
    """The states of a cycle in which answers of a stage, by its key, may be written."""
    return AFTERWARDS if is_afterwards(stage) else (State.OPEN,)


@dataclass(frozen=True)
class Typing:
    """What the script of a page says about it; without a script there is nothing to say.

    `page` is its name, another one each time it is opened, `turn` how many saves it has sent. A `draft` saves itself.
    """

    page: str = ""
    turn: int = 0
    draft: bool = False


class Place(ABC):
    """Where one answer is kept. `read` gives a stored answer as a page shows it."""

    read: Callable[[Answer], Answer]

    @property
    @abstractmethod
    def draft(self) -> dict[str, Any]:
        """What was told of the last save, if it was a draft: `by`, `page`, `turn` and the `token` of what it stored."""

    def own(self, user: User | None, typing: Typing) -> bool:
        """Whether what is stored was typed on that very page and saved itself: a page does not overtake itself.

        It need not have heard so: the answer to its last save may have been lost on the way.
        """
        draft = self.draft
        return bool(
            typing.page
            and user
            and draft
            and (draft["by"], draft["page"], draft["token"]) == (user.pk, typing.page, token(self.stored))
            and draft["turn"] < typing.turn
        )

    @abstractmethod
    def demand_open(self) -> None:
        """TooLate or Completed when nothing can be written here any more, as far as it was read."""

    @property
    @abstractmethod
    def stored(self) -> Answer | None:
        """The answer that is kept; None while there is none."""

    @abstractmethod
    def shown_before(self, seen: str) -> Answer | None:
        """The answer that a page with that token had shown; None when it is not known any more."""

    @abstractmethod
    def saved_last(self) -> tuple[User | None, datetime | None]:
        """Who saved this answer last, and when."""

    @abstractmethod
    def write(self, answer: Answer | None, user: User | None, typing: Typing) -> bool:
        """One save behind `touch`; False when somebody else's came in between. Raises TooLate."""

    @abstractmethod
    def refresh(self) -> None:
        """Read again what is there."""


@dataclass(frozen=True)
class Saved:
    """The place after a save, and whether the save changed anything."""

    place: Place
    changed: bool


def drafted(answer: Answer | None, user: User | None, typing: Typing) -> dict[str, Any]:
    """What is told of a draft beside its answer; nothing of any other save."""
    if not typing.draft or not user:
        return {}
    return {"by": user.pk, "page": typing.page, "turn": typing.turn, "token": token(answer)}


NO_SCRIPT = Typing()


def save(
    place: Place, answer: Answer | None, *, seen: str | None, user: User | None, typing: Typing = NO_SCRIPT
) -> Saved:
    """Store an answer, or empty it with `None`.

    `seen` is the token of the answer that the page had shown; `None` means: whatever it is now. Raises Conflict,
    Completed or TooLate, and then nothing is stored. An answer that is there already is not stored again, and whoever
    sends a page back as it was loaded keeps nothing: what somebody else wrote meanwhile stays.
    """
    for _ in range(ROUNDS):
        place.demand_open()
        stored = place.stored
        if (stored is None) == (answer is None) and place.read(stored or {}) == (answer or {}):
            return Saved(place, changed=False)
        if seen is not None and token(stored) != seen and not place.own(user, typing):
            base = place.shown_before(seen)
            if base is not None and place.read(base) == (answer or {}):
                return Saved(place, changed=False)
            shown = None if base is None else place.read(base)
            raise Conflict(place.read(stored or {}), shown, *place.saved_last())
        if place.write(answer, user, typing):
            return Saved(place, changed=True)
        place.refresh()
    raise RuntimeError("An answer kept changing while it was saved.")


# Answers to questions.


def as_stored(answer: Answer) -> Answer:
    """How an answer is read by those who write it as it is to be kept."""
    return answer


class InWorksheet(Place):
    """The answer to one question, in the worksheet of its stage, with a line of history for every save.

    Drafts of one person that follow each other within a minute, and the save that ends them, are one line together.

    Another question of the worksheet saved meanwhile is no conflict. With `reopening` a complete worksheet is opened
    again by the save itself, and only by one that succeeds.
    """

    def __init__(
        self,
        worksheet: Worksheet,
        question: str,
        read: Callable[[Answer], Answer] = as_stored,
        *,
        reopening: bool = False,
    ) -> None:
        self.worksheet, self.question, self.read, self.reopening = worksheet, question, read, reopening

    def demand_open(self) -> None:
        cycle = self.worksheet.cycle
        if cycle.archived_at or cycle.state not in writable(self.worksheet.stage):
            raise TooLate(cycle)
        if self.worksheet.complete and not self.reopening:
            raise Completed(self.worksheet)

    @property
    def stored(self) -> Answer | None:
        stored: Answer | None = self.worksheet.answers.get(self.question)
        return stored

    @property
    def _saves(self) -> Any:
        return self.worksheet.revisions.filter(question=self.question)

    def shown_before(self, seen: str) -> Answer | None:
        if not seen:
            return {}
        answers = self._saves.values_list("answer", flat=True)
        for start in range(0, SEARCHED, AT_ONCE):
            some = list(answers[start : start + AT_ONCE])
            found: Answer | None = next((answer for answer in some if token(answer) == seen), None)
            if found is not None or len(some) < AT_ONCE:
                return found
        return None

    def saved_last(self) -> tuple[User | None, datetime | None]:
        latest = self._saves.select_related("saved_by").first()
        return (latest.saved_by, latest.saved_at) if latest else (self.worksheet.updated_by, self.worksheet.updated_at)

    @property
    def draft(self) -> dict[str, Any]:
        found: dict[str, Any] = self.worksheet.drafts.get(self.question, {})
        return found

    def _entry(self, user: User | None, now: datetime) -> dict[str, Any]:
        """The draft whose line of history this save goes on with; empty when it begins one of its own."""
        draft = self.draft
        if not draft or not user or (draft["by"], draft["token"]) != (user.pk, token(self.stored)):
            return {}
        return draft if now - datetime.fromisoformat(draft["began"]) < ENTRY else {}

    def write(self, answer: Answer | None, user: User | None, typing: Typing) -> bool:
        sheet = self.worksheet
        answers = {key: value for key, value in sheet.answers.items() if key != self.question}
        if answer is not None:
            answers[self.question] = answer
        carried = [key for key in sheet.carried if key != self.question]
        now = timezone.now()
        entry = self._entry(user, now)
        drafts = {key: draft for key, draft in sheet.drafts.items() if key != self.question}
        draft = drafted(answer, user, typing)
        if draft:
            began = entry.get("began", now.isoformat())
            drafts[self.question] = draft | {"began": began, "version": sheet.version + 1}
        with transaction.atomic():
            if not _change(
                sheet,
                self.reopening,
                answers=answers,
                carried=carried,
                drafts=drafts,
                updated_at=now,
                updated_by=user,
                **self._opened,
            ):
                return False
            self._tell(answer, user, now, entry)
        return True

    def _tell(self, answer: Answer | None, user: User | None, now: datetime, entry: dict[str, Any]) -> None:
        """Write the line of history of the save just done; what it goes on with is passed from then on."""
        line = Revision(
            worksheet=self.worksheet,
            question=self.question,
            answer=answer,
            version=self.worksheet.version,
            saved_at=now,
            saved_by=user,
        )
        if not entry:
            line.save(force_insert=True)
            return
        # One statement for both: the line that is there already is found by its version, and only marked.
        passed = Revision(worksheet=self.worksheet, question=self.question, version=entry["version"], passed=True)
        Revision.objects.bulk_create(
            [passed, line], update_conflicts=True, unique_fields=["worksheet", "version"], update_fields=["passed"]
        )

    @property
    def _opened(self) -> dict[str, Any]:
        return OPENED if self.reopening and self.worksheet.complete else {}

    def refresh(self) -> None:
        self.worksheet = _again(self.worksheet)


def lately(user: User, within: timedelta) -> int:
    """How often that person saved an answer lately, drafts among them. One query."""
    return Revision.objects.filter(saved_by=user, saved_at__gte=timezone.now() - within).count()


OPENED = {"status": Worksheet.Status.OPEN, "completed_at": None, "completed_by": None}


def _change(worksheet: Worksheet, even_complete: bool = False, **values: Any) -> bool:
    """Give a worksheet these values if it still is as it was read, inside a transaction. Raises TooLate."""
    touch(worksheet.cycle_id, *writable(worksheet.stage))
    rows = Worksheet.objects.filter(pk=worksheet.pk, version=worksheet.version)
    if not even_complete:
        rows = rows.filter(status=Worksheet.Status.OPEN)
    values["version"] = worksheet.version + 1
    if not rows.update(**values):
        return False
    for name, value in values.items():
        setattr(worksheet, name, value)
    return True


def _again(worksheet: Worksheet) -> Worksheet:
    return Worksheet.objects.select_related("updated_by", "completed_by", "cycle").get(pk=worksheet.pk)


def worksheet_of(cycle: Cycle, stage: str) -> Worksheet:
    """The worksheet of a stage, made when the cycle does not have it yet."""
    return Worksheet.objects.select_related("cycle").get_or_create(cycle=cycle, stage=stage)[0]


def save_answer(
    worksheet: Worksheet, question: str, answer: Answer | None, *, user: User | None, seen: str | None = None
) -> bool:
    """Store the answer to one question as it is to be kept, and say whether that changed anything.

    Changes `worksheet` to what is stored. Raises what `save` raises.
    """
    place = InWorksheet(worksheet, question)
    saved = save(place, answer, seen=seen, user=user)
    if place.worksheet is not worksheet:
        worksheet.refresh_from_db()
    return saved.changed


def confirm(worksheet: Worksheet, question: str, user: User) -> None:
    """Say that an answer carried forward from the last review still holds. Said twice is said once.

    Nothing is saved, so there is no line of history. Raises Completed or TooLate.
    """
    for _ in range(ROUNDS):
        if question not in worksheet.carried:
            return
        if worksheet.complete:
            raise Completed(worksheet)
        carried = [key for key in worksheet.carried if key != question]
        with transaction.atomic():
            if _change(worksheet, carried=carried, updated_at=timezone.now(), updated_by=user):
                return
        worksheet = _again(worksheet)
    raise RuntimeError("The worksheet kept changing while an answer was confirmed.")


def complete(worksheet: Worksheet, user: User) -> bool:
    """Mark a worksheet complete as it was read; False when it was changed since or is complete. Raises TooLate."""
    with transaction.atomic():
        return _change(worksheet, status=Worksheet.Status.COMPLETE, completed_at=timezone.now(), completed_by=user)


def reopen(worksheet: Worksheet) -> None:
    """Open a complete worksheet again; its answers stay as they are. Raises TooLate."""
    with transaction.atomic():
        touch(worksheet.cycle_id, *writable(worksheet.stage))
        Worksheet.objects.filter(pk=worksheet.pk).update(**OPENED)
    for name, value in OPENED.items():
        setattr(worksheet, name, value)
