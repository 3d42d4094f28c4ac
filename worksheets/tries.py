"""Slows down whoever guesses: tries are counted for an address and the source they come from, and must wait longer
and longer. Nobody is locked out: whoever owns an account comes from another source, where nothing was tried.

The counts are in the database, which all processes of the service share. A try is counted before it is made, so that
many at once are not one; what is right is taken back. While somebody waits nothing more is counted.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from worksheets.models import Tries
from worksheets.post import later
from worksheets.words import counted

# A count is forgotten when nothing was tried for so long. That, and the delays, bound the table.
FORGOTTEN = datetime.timedelta(hours=2)


@dataclass(frozen=True)
class Pace:
    """How often something may be tried at once, and the wait after that: it doubles with each try, up to the longest.

    Waits are in seconds.
    """

    free: int
    first: int
    longest: int

    def wait(self, count: int) -> int:
        """How long to wait after that many tries."""
        over = count - self.free
        return min(self.longest, self.first * 2 ** min(over, 20)) if over >= 0 else 0


@dataclass(frozen=True)
class Guarded:
    """Something that may be tried so often: by one source for one address, and by one source for all.

    `address` is for what burdens the owner of an address, such as mail, whatever source asks for it.
    """

    name: str
    pair: Pace
    source: Pace
    address: Pace | None = None


# Every place that asks for a password counts as the same one. Behind one source may be a whole hospital.
PASSWORD = Guarded("password", pair=Pace(5, 1, 300), source=Pace(100, 1, 60))
LINK = Guarded("link", pair=Pace(3, 60, 3_600), source=Pace(30, 10, 600), address=Pace(10, 60, 900))
# A lead may add a whole team, one after the other.
INVITATION = Guarded("invitation", pair=Pace(5, 60, 3_600), source=Pace(500, 1, 60), address=Pace(10, 60, 900))


class Wait(Exception):
    """It was tried too often. `seconds` is how long to wait."""

    def __init__(self, seconds: int) -> None:
        self.seconds = max(1, seconds)
        super().__init__(self.words)

    @property
    def words(self) -> str:
        """What to say to whoever tries."""
        minutes = math.ceil(self.seconds / 60)
        much = counted(self.seconds, "second") if self.seconds < 100 else counted(minutes, "minute")
        return f"You tried too often. Wait {much}, then try again"


def _counts(what: Guarded, address: str, source: str) -> dict[str, Pace]:
    """What is counted, by its key. The order is the same for everybody: nobody waits for what another one holds."""
    counts = {f"source|{source}": what.source, f"pair|{source}|{address}": what.pair}
    if what.address:
        counts[f"address|{address}"] = what.address
    return {salted_hmac(f"tries {what.name}", words).hexdigest(): pace for words, pace in counts.items()}


@transaction.atomic
def begin(what: Guarded, address: str, source: str) -> None:
    """Count a try that is about to be made. Wait when it is too soon; then it does not count.

    `address` is what is tried, in any case of its letters; `source` where the try comes from.
    """
    now = timezone.now()
    later(forget)
    rows = []
    for key, pace in _counts(what, address.casefold(), source).items():
        Tries.objects.get_or_create(key=key, defaults={"wait_until": now, "last": now})
        rows.append((Tries.objects.select_for_update().get(key=key), pace))
    late = max(row.wait_until for row, _ in rows)
    if late > now:
        raise Wait(math.ceil((late - now).total_seconds()))
    for row, pace in rows:
        row.count += 1
        row.last = now
        row.wait_until = now + datetime.timedelta(seconds=pace.wait(row.count))
        row.save()


def forget() -> None:
    """Remove counts that are forgotten, one by one: so that none waits for another that is just being counted."""
    old = timezone.now() - FORGOTTEN
    for pk in list(Tries.objects.filter(last__lt=old).values_list("pk", flat=True)[:1_000]):
        Tries.objects.filter(pk=pk, last__lt=old).delete()


@transaction.atomic
def succeed(what: Guarded, address: str, source: str) -> None:
    """Take back a try that was right: the pair begins anew. What else was tried from that source stays counted."""
    for key, pace in _counts(what, address.casefold(), source).items():
        row = Tries.objects.select_for_update().filter(key=key).first()
        if row is None:
            continue
        row.count = 0 if pace is what.pair else max(0, row.count - 1)
        row.wait_until = timezone.now() if pace is what.pair or not pace.wait(row.count) else row.wait_until
        row.save()
