"""A query whose SQL is made once in a process, and then only run: for the one query before every page.

Making the SQL of a join takes Django several times as long as the database takes to answer it. The rows come back as
the same objects as from the queryset: only the making of the SQL is left out. `docs/decisions/prepared-query.md` has
the figures.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import connections, models
from django.db.models import QuerySet

Row = TypeVar("Row", bound=models.Model)


class Prepared(Generic[Row]):
    """The query that `make` builds from values given by name. `marks` are such values, found nowhere else in it."""

    def __init__(self, make: Callable[..., QuerySet[Row]], **marks: Any) -> None:
        self.make = make
        self.marks = marks
        self.made: tuple[QuerySet[Row], Any, str, list[tuple[str | None, Any]]] | None = None

    def prepare(self) -> tuple[QuerySet[Row], Any, str, list[tuple[str | None, Any]]]:
        """The queryset, its compiler, the SQL, and for each parameter the name of its value or the constant it is."""
        template = self.make(**self.marks)
        compiler = template.query.get_compiler(using=template.db)
        sql, params = compiler.as_sql()
        names = {mark: name for name, mark in self.marks.items()}
        return template, compiler, sql, [(names.get(one), one) for one in params]

    def __call__(self, **values: Any) -> list[Row]:
        """The rows for these values."""
        template, made, sql, places = self.made = self.made or self.prepare()
        # A copy each, because a compiler holds its connection, and every thread has its own.
        compiler = copy.copy(made)
        compiler.connection = connections[template.db]
        params = tuple(values[name] if name else constant for name, constant in places)
        compiler.as_sql = lambda *args, **kwargs: (sql, params)
        queryset = template.all()
        queryset.query.get_compiler = lambda *args, **kwargs: compiler  # type: ignore[method-assign]
        return list(queryset)
