"""Entries as an iCalendar file (RFC 5545): the same bytes as long as nothing changed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.conf import settings
from icalendar import Calendar, Event

from worksheets.diary.entries import Entry
from worksheets.post import host

PRODUCT = "-//Strategy review//Dates//EN"
KIND = "text/calendar; charset=utf-8"
A_DAY = datetime.timedelta(days=1)


def calendar(entries: Iterable[Entry], name: str) -> bytes:
    """The entries as a calendar called `name`: all-day events, which no time zone and no summer time moves.

    The last day of an event stands behind it (`DTEND` is exclusive). When it was stamped is when we learned of it.
    """
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    # How often programs look again is their own choice: this asks for once a day, in both ways that they know.
    made.add("refresh-interval", A_DAY, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "P1D")
    for entry in entries:
        made.add_component(_event(entry))
    return bytes(made.to_ical())


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@{host()}")
    event.add("dtstamp", entry.known.astimezone(datetime.UTC).replace(microsecond=0))
    event.add("sequence", entry.changes)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + A_DAY)
    event.add("summary", entry.title)
    event.add("url", f"{settings.SITE_URL}{entry.place}")
    # Nobody is busy because something is due.
    event.add("transp", "TRANSPARENT")
    return event
