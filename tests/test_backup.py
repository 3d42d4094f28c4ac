"""Backup and restore: the whole database in one file, into either kind of database, checked before anything changes."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from tests.world import PASSWORD, World, make_world
from worksheets.management import backups
from worksheets.models import (
    Comment,
    Cycle,
    Guidance,
    Issued,
    Organisation,
    Policy,
    PolicyFile,
    Revision,
    User,
    Worksheet,
)
from worksheets.saving import save_answer, worksheet_of

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parent.parent
AIMS = {"aims": [{"id": "a-1", "statement": "Zażółć gęślą jaźń 😀 \u2028 and “more”"}]}

READ = {"information-governance": {"who": "Ina Ó Briain", "on": "2026-11-02"}}


@pytest.fixture
def world(transactional_db: None) -> World:
    """The world, with an answer, a comment, a file that was issued and a document that was."""
    world = make_world()
    world.fill()
    save_answer(worksheet_of(world.cycle, "drivers"), "aims", AIMS, user=world.lead)
    Comment.objects.create(cycle=world.cycle, question="aims", text="Good.", written_by=world.manager)
    Issued.objects.create(cycle=world.foreign_cycle, pdf=bytes(range(256)) * 100, sha256="0" * 64)
    policy = Policy.objects.create(organisation=world.elsewhere, document="house-rules", state="issued", readings=READ)
    PolicyFile.objects.create(policy=policy, said=AIMS, pdf=b"%PDF", word=bytes(range(256)), sha256="1" * 64)
    world.admin.user_permissions.set(Permission.objects.all()[:3])
    return world


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "copy.backup"


def rows(file: Path) -> dict[str, list[object]]:
    """What a backup holds, table by table."""
    with zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if name != backups.MANIFEST]
        return {name: [json.loads(line) for line in archive.read(name).splitlines()] for name in names}


def rewritten(file: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The same backup with some of its members changed."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    other = file.with_suffix(".other")
    with zipfile.ZipFile(other, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return other


def manifest(**changes: object) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        members[backups.MANIFEST] = json.dumps(json.loads(members[backups.MANIFEST]) | changes).encode()

    return change


class Elsewhere:
    """Another installation, on SQLite, in processes of its own."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "elsewhere.sqlite3"
        self.manage("migrate", "--verbosity", "0")

    @property
    def surroundings(self) -> dict[str, str]:
        return os.environ | {"DATABASE_URL": f"sqlite:///{self.database}", "TOOLKIT_ENV": "demo"}

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.surroundings,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done


def test_a_restore_brings_back_everything_that_was_there(world: World, file: Path) -> None:
    call_command("backup", file)
    before = rows(file)
    User.objects.exclude(pk=world.lead.pk).delete()
    Worksheet.objects.update(answers={}, version=0)
    Revision.objects.all().delete()
    Organisation.objects.create(name="Made after the backup", slug="after")
    call_command("restore", file, "--force")
    assert not Organisation.objects.filter(slug="after").exists()
    assert Worksheet.objects.get(cycle=world.cycle, stage="drivers").answers["aims"] == AIMS
    assert bytes(Issued.objects.get().pdf) == bytes(range(256)) * 100
    document = PolicyFile.objects.select_related("policy").get()
    assert (document.said, bytes(document.pdf), bytes(document.word)) == (AIMS, b"%PDF", bytes(range(256)))
    assert document.policy.readings == READ
    assert Cycle.objects.get(pk=world.cycle.pk).created_at == world.cycle.created_at
    assert world.admin.user_permissions.count() == 3
    call_command("backup", file, "--force")
    assert rows(file) == before


def test_people_sign_in_again_and_go_on_working_after_a_restore(world: World, file: Path) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": "lead@example.org", "password": PASSWORD})
    call_command("backup", file)
    assert "sessions.Session" not in rows(file)
    call_command("restore", file, "--force")
    assert not Session.objects.exists()
    assert client.get("/guidance/").status_code == 302
    assert client.post("/accounts/login/", {"login": "lead@example.org", "password": PASSWORD}).status_code == 302
    # New rows get numbers that nothing has.
    newest = max(User.objects.values_list("pk", flat=True))
    assert User.objects.create_user("new@example.org").pk > newest


def test_a_backup_goes_from_one_kind_of_database_to_the_other_and_back(
    world: World, file: Path, tmp_path: Path
) -> None:
    call_command("backup", file)
    elsewhere = Elsewhere(tmp_path)
    assert "Everybody signs in again." in elsewhere.manage("restore", str(file)).stdout
    back = tmp_path / "back.backup"
    elsewhere.manage("backup", str(back))
    assert rows(back) == rows(file)
    call_command("restore", back, "--force")
    call_command("backup", file, "--force")
    assert rows(back) == rows(file)


def test_a_backup_can_be_read_by_its_owner_alone_and_replaces_no_other(world: World, file: Path) -> None:
    call_command("backup", file)
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_bytes()
    with pytest.raises(CommandError, match="there already"):
        call_command("backup", file)
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


def test_a_backup_that_cannot_be_written_leaves_nothing_behind(
    world: World, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(backups, "_write", full)
        with pytest.raises(CommandError, match="No space left on device"):
            call_command("backup", file)
    assert not list(file.parent.iterdir())
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("backup", file.parent / "no-such-folder" / "copy.backup")


def test_a_database_in_use_is_not_overwritten_unless_asked_to(world: World, file: Path) -> None:
    call_command("backup", file)
    User.objects.create_user("precious@example.org")
    with pytest.raises(CommandError, match="--force"):
        call_command("restore", file)
    assert User.objects.filter(email="precious@example.org").exists()


def test_a_database_that_was_only_just_made_is_not_in_use(transactional_db: None) -> None:
    assert not backups.in_use()
    Guidance.objects.filter(key="questions/aims").update(text="Ours.")
    assert backups.in_use()


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def flipped(data: bytes) -> bytes:
    return data[:2_000] + bytes([data[2_000] ^ 255]) + data[2_001:]


@pytest.mark.parametrize("damage", [cut, flipped, lambda data: b"", lambda data: b"SQLite format 3\0" + data[16:]])
def test_a_damaged_file_changes_nothing(world: World, file: Path, damage: Callable[[bytes], bytes]) -> None:
    call_command("backup", file)
    file.write_bytes(damage(file.read_bytes()))
    for words in (("--force",), ("--check",)):
        with pytest.raises(CommandError, match=r"Nothing was changed|not a backup"):
            call_command("restore", file, *words)
    assert Worksheet.objects.get(cycle=world.cycle, stage="drivers").answers["aims"] == AIMS


def without_a_row(members: dict[str, bytes]) -> None:
    members["worksheets.User"] = members["worksheets.User"].split(b"\n", 1)[1]


def with_another_word(members: dict[str, bytes]) -> None:
    members["worksheets.Comment"] = members["worksheets.Comment"].replace(b"Good.", b"Bad!!")


def without_a_table(members: dict[str, bytes]) -> None:
    del members["worksheets.Comment"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (without_a_row, "worksheets.User is not as it was written"),
        (with_another_word, "worksheets.Comment is not as it was written"),
        (without_a_table, "does not hold what it says"),
        (manifest(format="something-else"), "not a backup of the toolkit"),
        (manifest(tables=[]), "not a backup of the toolkit"),
        (manifest(format_version=2, toolkit="9.9"), "made by version 9.9"),
        (manifest(toolkit="9.9", tables={}), "made by version 9.9, which has other tables"),
        (manifest(toolkit="9.9", migrations=["worksheets.0001_initial"]), "Restore it with that version"),
    ],
)
def test_a_backup_that_is_not_whole_or_does_not_fit_is_refused(
    world: World, file: Path, change: Callable[[dict[str, bytes]], None], says: str
) -> None:
    call_command("backup", file)
    with pytest.raises(CommandError, match=says):
        call_command("restore", rewritten(file, change), "--force")
    assert Comment.objects.get().text == "Good."


def test_a_backup_of_a_newer_version_is_refused(world: World, file: Path) -> None:
    call_command("backup", file)
    newer = manifest(migrations=[*backups.migrations(), "worksheets.9999_later"])
    with pytest.raises(CommandError, match="newer than this database"):
        call_command("restore", rewritten(file, newer), "--force")


def test_what_cannot_be_put_back_leaves_everything_as_it_was(
    world: World, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_command("backup", file)
    Comment.objects.update(text="Later.")

    def broken(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(connection, "check_constraints", broken)
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("restore", file, "--force")
    monkeypatch.undo()
    assert Comment.objects.get().text == "Later."


def test_a_file_that_is_not_there_is_said_in_one_line(transactional_db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("restore", tmp_path / "nothing")


WRITER = """
import sys
from django.db import transaction
from worksheets.models import Organisation
Organisation.objects.create(name="Acknowledged", slug="acknowledged")
with transaction.atomic():
    for number in range(3_000):
        Organisation.objects.create(name="x" * 120, slug=f"in-the-middle-{number}")
    print("in the middle", flush=True)
    sys.stdin.read()
"""


def test_a_database_whose_writer_was_killed_is_backed_up_and_restored_over_its_log(
    world: World, file: Path, tmp_path: Path
) -> None:
    """What was not yet in the file of the database lies in its log: copying the one file would lose or mix it."""
    call_command("backup", file)
    elsewhere = Elsewhere(tmp_path)
    writer = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", WRITER],
        cwd=ROOT,
        env=elsewhere.surroundings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert writer.stdout
    assert writer.stdin
    assert writer.stdout.readline() == b"in the middle\n"
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdin.close()
    writer.stdout.close()
    assert elsewhere.database.with_name("elsewhere.sqlite3-wal").stat().st_size > 0
    after = tmp_path / "after.backup"
    elsewhere.manage("backup", str(after))
    assert [row[1] for row in rows(after)["worksheets.Organisation"]] == ["Acknowledged"]
    elsewhere.manage("restore", str(file), "--force")
    elsewhere.manage("backup", str(after), "--force")
    assert rows(after) == rows(file)
    with sqlite3.connect(elsewhere.database) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()
