"""The whole database as one file, from either kind of database and into either: written, checked and put back.

The file is a zip archive. For each table it has one member with a line of JSON for each row, and `manifest.json` says
which version and which migrations it is of, and how many rows and which SHA-256 each member has. PDFs are in it.
Sessions are not: after a restore everybody signs in again.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import BinaryField, Field, Model
from django.utils import timezone

import worksheets
from worksheets.models import Guidance
from worksheets.words import counted

FORMAT, VERSION = "strategy-review-backup", 1
MANIFEST = "manifest.json"
# What a database holds that was only just made: kinds of things, rights, and what ships.
SHIPPED = {
    *("contenttypes.ContentType", "auth.Permission", "worksheets.Guidance"),
    *("worksheets.Platform", "worksheets.HistoricalPlatform", "worksheets.PlatformFigure"),
}
# Rows are put back in lots of so many, or of so many bytes: some hold a PDF.
MOST_ROWS, MOST_BYTES = 500, 4_000_000
# All that reading a damaged archive raises, from one that is cut to one that seems to be encrypted.
BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    UnicodeError,
)


class Refused(Exception):
    """The file is no backup that can be restored here, or the database is not to be overwritten: says why."""


def tables() -> list[type[Model]]:
    """What is kept: every table of ours but sessions, those between two others among them."""
    models = apps.get_models(include_auto_created=True)
    return [model for model in models if model is not Session and model._meta.managed and not model._meta.proxy]


def fields_of(model: type[Model]) -> list[Field[Any, Any]]:
    return list(model._meta.concrete_fields)


def names_of(model: type[Model]) -> list[str]:
    return [field.attname for field in fields_of(model)]


def migrations() -> list[str]:
    """The migrations that the database has had, like "worksheets.0001_initial", in order."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


# Writing.


@contextmanager
def snapshot() -> Iterator[None]:
    """All that is read within is of one moment, while others go on writing."""
    if connection.vendor == "sqlite":
        # Our transactions take the lock for writing at once, which reading does not need.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def _to_json(field: Field[Any, Any], value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float, str, list, dict)):
        return value
    if isinstance(field, BinaryField):
        return base64.b64encode(value).decode()
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value)


def _from_json(field: Field[Any, Any], value: Any) -> Any:
    if isinstance(field, BinaryField) and value is not None:
        return base64.b64decode(value, validate=True)
    return field.to_python(value)


def _write_table(model: type[Model], member: IO[bytes]) -> dict[str, Any]:
    fields, digest, rows = fields_of(model), hashlib.sha256(), 0
    values = model._base_manager.order_by("pk").values_list(*names_of(model))
    for row in values.iterator(chunk_size=200):
        data = [_to_json(field, value) for field, value in zip(fields, row, strict=True)]
        line = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n"
        digest.update(line)
        member.write(line)
        rows += 1
    return {"fields": names_of(model), "rows": rows, "sha256": digest.hexdigest()}


def _write(out: IO[bytes]) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, snapshot():
        told = {}
        for model in tables():
            with archive.open(model._meta.label, "w", force_zip64=True) as member:
                told[model._meta.label] = _write_table(model, member)
        manifest = {
            "format": FORMAT,
            "format_version": VERSION,
            "toolkit": worksheets.__version__,
            "made_at": timezone.now().isoformat(timespec="seconds"),
            "migrations": migrations(),
            "tables": told,
        }
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))


def write(file: Path, *, force: bool = False) -> int:
    """Write the whole database into `file`, which only its owner can read, and say how many rows there are.

    The file is there once it is whole and was read again. Refused when there is one already, unless with `force`;
    OSError when there is no room or no right.
    """
    if file.exists() and not force:
        raise Refused(f"{file} is there already. Give another name, or add --force to replace it.")
    descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    made = Path(name)
    try:
        with os.fdopen(descriptor, "w+b") as out:
            _write(out)
            out.flush()
            os.fsync(out.fileno())
        rows = checked(made)
        made.replace(file)
    finally:
        made.unlink(missing_ok=True)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return rows


# Reading.


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        manifest = json.loads(archive.read(MANIFEST))
        told = {
            label: {
                "fields": list(map(str, table["fields"])),
                "rows": int(table["rows"]),
                "sha256": str(table["sha256"]),
            }
            for label, table in manifest["tables"].items()
        }
        if manifest["format"] != FORMAT:
            raise ValueError
        version, made_by = int(manifest["format_version"]), str(manifest["toolkit"])
        had = sorted(map(str, manifest["migrations"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Refused("This is not a backup of the toolkit.") from error
    if version != VERSION:
        raise Refused(f"This backup was made by version {made_by}, which writes them in another way. Restore it there.")
    _fits(had, made_by)
    wanted = {model._meta.label: names_of(model) for model in tables()}
    if {label: table["fields"] for label, table in told.items()} != wanted:
        raise Refused(
            f"This backup was made by version {made_by}, which has other tables. Restore it with that version."
        )
    return told


def _fits(had: list[str], made_by: str) -> None:
    """Refused unless the backup and this database have had the same migrations."""
    have = migrations()
    if not have:
        raise Refused("This database has no tables yet. Run manage.py migrate first.")
    if had == have:
        return
    newer = set(had) - set(have)
    if newer:
        raise Refused(
            f"This backup was made by version {made_by}, which is newer than this database ({min(newer)} is missing). "
            "Install that version and run manage.py migrate, then restore."
        )
    raise Refused(
        f"This backup was made by version {made_by}, before {min(set(have) - set(had))}. "
        "Restore it with that version into an empty database, then update and run manage.py migrate."
    )


def _lines(archive: zipfile.ZipFile, label: str) -> Iterator[bytes]:
    with archive.open(label) as member:
        yield from member


@contextmanager
def _opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
    """The archive and what its manifest says of each table, once every byte was read and found to be as it says."""
    try:
        with zipfile.ZipFile(file) as archive:
            told = _manifest(archive)
            if sorted(archive.namelist()) != sorted([*told, MANIFEST]):
                raise Refused("This backup is damaged: it does not hold what it says. Nothing was changed.")
            for label, table in told.items():
                digest, rows = hashlib.sha256(), 0
                for line in _lines(archive, label):
                    digest.update(line)
                    rows += 1
                if (rows, digest.hexdigest()) != (table["rows"], table["sha256"]):
                    raise Refused(f"This backup is damaged: {label} is not as it was written. Nothing was changed.")
            yield archive, told
    except BROKEN as error:
        raise Refused("This file is damaged, or not a backup of the toolkit. Nothing was changed.") from error


def checked(file: Path) -> int:
    """How many rows a backup has that is whole and could be restored here. Refused when it is not; OSError."""
    with _opened(file) as (_, told):
        return sum(int(table["rows"]) for table in told.values())


def in_use() -> bool:
    """Whether the database holds more than what ships."""
    used = (model for model in tables() if model._meta.label not in SHIPPED)
    return any(model._base_manager.exists() for model in used) or Guidance.objects.exclude(text="").exists()


def restore(file: Path, *, force: bool = False) -> int:
    """Make the database what it was when `file` was written, and say how many rows that is. All of it or nothing.

    Refused when the file is damaged or of another version, when the database is in use and `force` was not given, or
    when somebody writes in it at the same time; OSError when the file cannot be read.
    """
    with _opened(file) as (archive, told):
        if in_use() and not force:
            raise Refused(
                "This database is in use. Restore into an empty one, or add --force to throw away what it holds."
            )
        models = tables()
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                _empty(cursor, [*models, Session])
                for model in models:
                    _fill(cursor, model, _lines(archive, model._meta.label))
                for statement in connection.ops.sequence_reset_sql(no_style(), models):
                    cursor.execute(statement)
                connection.check_constraints()
        except (DatabaseError, binascii.Error, ValueError) as error:
            raise Refused(f"The backup could not be put back ({type(error).__name__}). Nothing was changed.") from error
    ContentType.objects.clear_cache()
    return sum(int(table["rows"]) for table in told.values())


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _empty(cursor: Any, models: list[type[Model]]) -> None:
    names = [_quoted(model._meta.db_table) for model in models]
    if connection.vendor == "postgresql":
        # Whoever wrote while it is put back would leave rows that belong to nothing.
        cursor.execute(f"LOCK TABLE {', '.join(names)} IN EXCLUSIVE MODE")
    for name in names:
        # The names are those of our own tables and columns, here and below.
        cursor.execute(f"DELETE FROM {name}")  # noqa: S608  # nosec B608


def _fill(cursor: Any, model: type[Model], lines: Iterator[bytes]) -> None:
    fields = fields_of(model)
    columns = ", ".join(_quoted(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608  # nosec B608
    lot: list[list[Any]] = []
    size = 0
    for line in lines:
        row = zip(fields, json.loads(line.decode("utf-8", "surrogatepass")), strict=True)
        lot.append([field.get_db_prep_save(_from_json(field, value), connection) for field, value in row])
        size += len(line)
        if len(lot) >= MOST_ROWS or size > MOST_BYTES:
            cursor.executemany(statement, lot)
            lot, size = [], 0
    if lot:
        cursor.executemany(statement, lot)


def told(rows: int) -> str:
    """How much a backup holds, in words: "1,204 rows"."""
    return counted(rows, "row")
