"""Counting with months, so that a day at the end of a month stays there."""

from __future__ import annotations

import datetime


def months_after(day: datetime.date, months: int) -> datetime.date:
    """The same day of the month, `months` later; the last day of that month where it is shorter.

    Count from the first day of a series: six months after 31 August is 28 February, and twelve are 31 August again.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    after = datetime.date(year + month // 12, month % 12 + 1, 1)
    return datetime.date(year, month, min(day.day, (after - datetime.timedelta(days=1)).day))
