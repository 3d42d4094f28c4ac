"""What goes into a summary: one frozen object from which the PDF, its twin on screen and the Word file are all made."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import Max, Min
from django.utils import timezone

import worksheets
from worksheets import neighbours
from worksheets.actions import listing
from worksheets.comparing.reviews import Comparison
from worksheets.fields import spoken_date, text
from worksheets.following.last import of_cycle
from worksheets.languages import OURS
from worksheets.models import Cycle, Decision, Issued, Printing, Reason, Revision, User, Worksheet
from worksheets.presentation import Block, Part, Progress, Row, Title, Words
from worksheets.reasons import PointKey, reasons_of, settled
from worksheets.report import closing
from worksheets.report.closing import Kept, Person, lines_of, local_day
from worksheets.report.record import AFTER, record
from worksheets.report.sheet import Sheet, SignedOff, points_in_short
from worksheets.review import Review
from worksheets.texts import Texts
from worksheets.workbook import Workbook

# How many open actions a summary tells of: those due first.
MOST_TO_DO = 60


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a summary says. `issued` is the day it is made: it is not part of the digest.

    `sheet` is what stands on the front; `summary` the parts that a board reads, and `record` those behind them, empty
    where they are left out. Where the summary is one side of A4 (`on_a_page`) there is no sheet, and `behind` are the
    parts between it and the record, which go with that. `ending` is the conclusion at which the team ended, and
    `conclusion` why. `language` is the one its answers are written in. `example` says of an example that its
    organisation does not exist. What stands `beside` a summary is for others than those who decide: it says nothing
    of how far the work is.
    """

    heading: str
    organisation: str
    cycle: str
    starts: datetime.date
    ends: datetime.date
    complete: bool
    issued: datetime.date
    progress: Progress
    sheet: tuple[Row, ...]
    summary: tuple[Part, ...]
    record: tuple[Part, ...]
    submitted: bool = False
    signed_off: SignedOff | None = None
    ending: str = ""
    conclusion: tuple[str, ...] = ()
    comparison: Comparison | None = None
    noun: str = "review"
    plural: str = "reviews"
    language: str = OURS
    example: str = ""
    on_a_page: bool = False
    behind: tuple[Part, ...] = ()
    beside: bool = False

    @property
    def state(self) -> str:
        """Draft until every worksheet is complete; then what was decided about it. An example says what it is."""
        if self.beside:
            return ""
        if self.example:
            return f"Example: {self.example}"
        if self.signed_off:
            return f"Signed off by {self.signed_off.by} on {spoken_date(self.signed_off.on)}"
        if self.submitted:
            return "Submitted for sign-off"
        return "Complete" if self.complete else "Draft"

    @property
    def short_state(self) -> str:
        """The state without a name in it, for the foot of every page."""
        if self.example:
            return "Example"
        return f"Signed off on {spoken_date(self.signed_off.on)}" if self.signed_off else self.state

    @property
    def after(self) -> str:
        """What the record is, said where it begins."""
        return AFTER.format(noun=self.noun)

    @property
    def title(self) -> str:
        return f"{'Example: ' if self.example else ''}{self.heading}: {self.organisation}, {self.cycle}"

    def without_record(self) -> Contents:
        """The same without the record behind it."""
        return replace(self, record=(), behind=())


def contents(
    cycle: Cycle,
    review: Review,
    people: Iterable[Person],
    issued: datetime.date,
    signed_off: SignedOff | None = None,
    reasons: Mapping[PointKey, Reason] | None = None,
    *,
    submitted_by: str = "",
    looked_back: Part | None = None,
    to_do: Part | None = None,
    paper: bool = True,
) -> Contents:
    """The contents of a summary of `review`. Reads no database: the cycle's organisation must be loaded.

    `submitted_by` is whoever handed it over, `looked_back` what came of the review before, and `to_do` which actions
    are open.
    """
    workbook, reasons = review.workbook, reasons or {}
    points = settled(review, reasons)
    concluded = workbook.ending.get(cycle.ending)
    submitted = cycle.state == Cycle.State.SUBMITTED
    sheet = Sheet(
        subject=workbook.subject or workbook.noun,
        noun=workbook.noun,
        complete=review.complete,
        submitted_by=submitted_by,
        submitted=submitted,
        signed_off=signed_off,
        sentences=(f"{concluded.said}.",) if concluded else workbook.sentences(review),
        to_know=() if concluded else (*points_in_short(points.open, len(points.left)), *workbook.to_know(review)),
        next_from=cycle.ends + datetime.timedelta(days=1) if workbook.every else None,
    )
    front = [*workbook.front(review, paper=paper)]
    if concluded:
        front = [Part("conclusion", concluded.said, words(cycle.ending_because))]
    told = [looked_back] if looked_back else []
    if not concluded:
        told.append(closing.points(points, reasons, review.progress))
    if to_do:
        told.append(to_do)
    # What is asked afterwards has no place in a record before, unless something was answered early.
    due = {stage.key for stage in review.due} | {key for key, answers in review.scope.answers.items() if answers}
    # Only one person takes part in what is their own.
    made = () if workbook.private else closing.who(tuple(people))
    about = (block for part in workbook.back(review, paper=paper) for block in (Title(part.title), *part.blocks))
    if how := (*made, *about):
        told.append(Part("people", "How this was made", how, "back"))
    return Contents(
        heading=workbook.title,
        organisation=cycle.organisation.name,
        cycle=cycle.name,
        starts=cycle.starts,
        ends=cycle.ends,
        complete=review.complete,
        issued=issued,
        progress=review.progress,
        sheet=() if workbook.on_a_page else sheet.rows,
        summary=tuple(front if workbook.on_a_page else front + told),
        on_a_page=workbook.on_a_page,
        behind=tuple(told if workbook.on_a_page else ()),
        record=record(tuple(one for one in review.chapters if one.key in due), review.states),
        submitted=submitted,
        signed_off=signed_off,
        ending=concluded.said if concluded else "",
        conclusion=lines_of(cycle.ending_because) if concluded else (),
        noun=workbook.noun,
        plural=workbook.plural,
        language=cycle.language,
    )


def gather(
    cycle: Cycle,
    worksheets: Iterable[Worksheet],
    texts: Texts,
    signed_off: SignedOff | None = None,
    *,
    paper: bool = True,
) -> Contents:
    """The contents of the summary of a cycle as it stands today; the worksheets are already read.

    Three queries, and one each for who submitted it, its issued file and the review that it follows. `signed_off` is
    given by whoever is about to sign it off; for a review that is, it is read.
    """
    worksheets, issued = tuple(worksheets), timezone.localdate()
    moment: datetime.datetime | None = None
    if cycle.state == Cycle.State.SIGNED_OFF:
        file = Issued.objects.filter(cycle=cycle).select_related("issued_by").defer("pdf").first()
        if file:
            moment, issued = file.issued_at, local_day(file.issued_at)
            signed_off = SignedOff(str(file.issued_by or ""), issued)
    review = neighbours.review_of(cycle, worksheets, texts)
    return contents(
        cycle,
        review,
        who_took_part(cycle, worksheets, review.workbook),
        issued,
        signed_off,
        reasons_of(cycle),
        submitted_by="" if cycle.state == Cycle.State.OPEN else submitter(cycle),
        looked_back=looked_back(cycle, review.workbook),
        to_do=to_do(cycle, review.workbook, moment),
        paper=paper,
    )


def document(cycle: Cycle, review: Review, key: str) -> Contents:
    """The contents of a document beside the summary, by its key, as it stands today: a page that says nothing more."""
    paper = review.workbook.document[key]
    return Contents(
        heading=paper.title,
        organisation=cycle.organisation.name,
        cycle=cycle.name,
        starts=cycle.starts,
        ends=cycle.ends,
        complete=True,
        issued=timezone.localdate(),
        progress=review.progress,
        sheet=(),
        summary=paper.parts(review),
        record=(),
        noun=review.workbook.noun,
        plural=review.workbook.plural,
        language=cycle.language,
        on_a_page=True,
        beside=True,
    )


def words(text: str) -> tuple[Block, ...]:
    """What people wrote, as paragraphs."""
    return tuple(Words(line, "written") for line in lines_of(text))


def submitter(cycle: Cycle) -> str:
    """Who handed the review over last. One query."""
    rows = Decision.objects.filter(cycle=cycle, kind=Decision.Kind.SUBMITTED).select_related("decided_by")
    latest = rows.order_by("-pk").first()
    return str(latest.decided_by or "") if latest else ""


def looked_back(cycle: Cycle, workbook: Workbook) -> Part | None:
    """What the review before promised and what came of it, where this one looked back. Two queries, where it follows
    one."""
    if cycle.previous_id is None or not workbook.promises:
        return None
    before = of_cycle(cycle, workbook)
    if before is None:
        return None
    return closing.looked_back(
        before.name,
        (
            Kept(one.words, one.target, text(one.answers, "actual"), one.met, text(one.answers, "lesson"))
            for one in before.promises
            if one.answers
        ),
    )


def to_do(cycle: Cycle, workbook: Workbook, moment: datetime.datetime | None) -> Part | None:
    """The actions that were open in a moment, or are today; none in what is somebody's own. One query."""
    if workbook.private:
        return None
    return closing.to_do(
        closing.ToDo(one.text, one.origin, listing.called(one), spoken_date(one.due) if one.due else "")
        for one in listing.of_review(cycle, moment)[:MOST_TO_DO]
    )


def who_took_part(cycle: Cycle, worksheets: Iterable[Worksheet], workbook: Workbook) -> tuple[Person, ...]:
    """Everybody who saved an answer or completed a worksheet, in the order of their first day. One query."""
    stages = {stage.key: stage.number for stage in workbook.stages}
    names: dict[int, str] = {}
    answered: dict[int, set[int]] = {}
    completed: dict[int, set[int]] = {}
    days: dict[int, list[datetime.datetime]] = {}
    saves = (
        Revision.objects.filter(worksheet__cycle=cycle, saved_by__isnull=False, worksheet__stage__in=stages)
        .order_by()
        .values_list("saved_by", "saved_by__name", "saved_by__email", "worksheet__stage")
        .annotate(first=Min("saved_at"), last=Max("saved_at"))
    )
    for user, name, email, stage, first, last in saves:
        names[user] = name or email
        answered.setdefault(user, set()).add(stages[stage])
        days.setdefault(user, []).extend((first, last))
    for worksheet in worksheets:
        person: User | None = worksheet.completed_by
        if worksheet.complete and person and worksheet.completed_at and worksheet.stage in stages:
            names[person.pk] = str(person)
            completed.setdefault(person.pk, set()).add(stages[worksheet.stage])
            days.setdefault(person.pk, []).append(worksheet.completed_at)
    return tuple(
        Person(
            names[user],
            tuple(sorted(answered.get(user, ()))),
            tuple(sorted(completed.get(user, ()))),
            local_day(min(days[user])),
            local_day(max(days[user])),
            len(stages),
        )
        for user in sorted(names, key=lambda user: (min(days[user]), names[user]))
    )


def digest(cycle: Cycle, texts_stamp: str, *others: Cycle, form: str = Printing.Form.PDF, document: str = "") -> str:
    """What the summary of a review depends on, in one word: when it changes, the summary is made again. No query, but
    for workbooks that read other runs.

    That is the cycle with all that hangs on it (its `stamp`), the texts, any other review that is printed behind it,
    those that it is read against, whether it is over, and how this version sets pages. The day of issue is left out on
    purpose: a summary keeps the day on which it was first made, for as long as it says the same.
    """
    parts = (
        *(worksheets.__version__, str(form), texts_stamp, [(one.pk, one.stamp) for one in (cycle, *others)]),
        *(neighbours.stamps(cycle), cycle.ends < timezone.localdate(), document),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()
