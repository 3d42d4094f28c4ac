"""The Jinja2 environment: where templates are found, and the few functions and filters that every page may use."""

from __future__ import annotations

import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from jinja2 import (
    ChainableUndefined,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    PackageLoader,
    Template,
    select_autoescape,
)

from toolkit import errors, frame, staying
from worksheets.cycles import called
from worksheets.fields import spoken_date, spoken_number
from worksheets.guides import GUIDES
from worksheets.languages import spoken
from worksheets.lists import answer_list
from worksheets.pages import to_cycle, to_list
from worksheets.policies.library import DOCUMENTS
from worksheets.presentation import LEVELS
from worksheets.report.letters import notice
from worksheets.skeleton import draw_with, fixed, slot
from worksheets.texts import beside
from worksheets.words import capital, counted, duration, in_words, inside, noun_for, of_all, spelled
from worksheets.workbook import Question
from worksheets.workbooks import WORKBOOKS, of_question


def _moment(value: datetime.date | str) -> datetime.date:
    """The date, or date and time here in London, that `value` or its ISO text stands for."""
    moment = (parse_date(value) if len(value) == 10 else parse_datetime(value)) if isinstance(value, str) else value
    if moment is None:
        raise ValueError("This is not an ISO date.")
    if isinstance(moment, datetime.datetime) and timezone.is_aware(moment):
        return timezone.localtime(moment)
    return moment


def date(value: datetime.date | str | None) -> str:
    """A date in words, like "3 March 2027"; nothing for no date."""
    return spoken_date(_moment(value)) if value else ""


def time(value: datetime.datetime | str | None) -> str:
    """A time of day, like "10:42"; nothing for no time."""
    return f"{_moment(value):%H:%M}" if value else ""


def number(value: Decimal | float | None) -> str:
    """A number as people write it, like "1,250" or "7.5"; nothing for no number."""
    return "" if value is None else spoken_number(value)


def asked(key: str) -> Question:
    """A question of any workbook, by its key."""
    return of_question(key)[1]


def url(name: str, *args: object) -> str:
    """Where the page called `name` is."""
    return reverse(name, args=args)


class OurTemplates(Environment):
    """Our own templates. The NHS macros that they import come from an environment of their own, `nhs`: those ask for
    much that nobody gave them, ours should not."""

    nhs: Environment

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:
        if isinstance(name, str) and name.startswith("nhsuk/"):
            return self.nhs.get_template(name, parent, globals)
        return super().get_template(name, parent, globals)


def environment(**_proposed: Any) -> Environment:
    """The environment that Django's Jinja2 backend uses. Compiled templates are kept in a folder only we can read.

    Escaping is on for everything but the plain text of a mail. A name that nobody gave is empty for people; in tests it
    stops the page (`tests/conftest.py`).
    """
    common: dict[str, Any] = {
        "auto_reload": settings.DEBUG,
        "bytecode_cache": FileSystemBytecodeCache(),
        "lstrip_blocks": True,
        "trim_blocks": True,
        "undefined": ChainableUndefined,
    }
    env = OurTemplates(
        autoescape=select_autoescape(disabled_extensions=("txt",), default=True, default_for_string=True),
        loader=FileSystemLoader(settings.BASE_DIR / "templates"),
        **common,
    )
    env.nhs = Environment(autoescape=True, loader=PackageLoader("nhsuk_frontend_jinja"), **common)
    # The same globals in both: a template that is imported from one that knows more is made anew each time.
    env.nhs.globals = env.globals
    env.globals.update(
        answer_list=answer_list,
        get_messages=get_messages,
        page_ending=staying.page_ending,
        page_footer=frame.page_footer,
        page_header=frame.page_header,
        levels=LEVELS,
        asked=asked,
        counted=counted,
        documents=DOCUMENTS,
        fixed=fixed,
        guides=GUIDES,
        in_words=in_words,
        kinds=WORKBOOKS,
        noun_for=noun_for,
        of_all=of_all,
        slot=slot,
        spelled=spelled,
        static=cache(static),
        to_cycle=to_cycle,
        to_list=to_list,
        trail=frame.trail,
        unprinted=notice,
        typed_on=errors.what_was_typed,
        url=url,
    )
    env.filters.update(
        beside=beside,
        called=called,
        capital=capital,
        date=date,
        duration=duration,
        inside=inside,
        number=number,
        spoken=spoken,
        time=time,
    )
    draw_with(env)
    return env
