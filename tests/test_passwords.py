"""Passwords: those that are quickly guessed are refused, with what to do instead."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from tests.world import PASSWORD, World
from worksheets.models import User

SignedIn = Callable[[User], Client]


def fault(password: str, user: User | None = None) -> str:
    """What is said of a password; nothing when it is taken."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaa",
        "Password1234!",
        "passwordpassword",
        "P@ssw0rd2026!",
        "123456789012",
        "qwertyuiop12",
        "abcdefghijkl",
        "letmeinletmein",
        "TrustNo1TrustNo1",
        "Summer2026!!",
        "Nottingham2024!",
        "Liverpool1892",
        "manchesterunited",
        "iloveyou12345",
        "01/01/198001/01/1980",
        "            ",
        "............",
        "strategyreview1",
        "Strategy Review 1",
        "a" * 500,
        # As they look, whatever the letters are.
        "Ｐａｓｓｗｏｒｄ１２３４",
        "p\u0430ssw\u043erd1234!",
        "pássword1234!",
        "Ｑｗｅｒｔｙｕｉｏｐ１２",
        "contraseña1234!",
        # What is said twice is said once.
        "26/11/1980 26/11/1980",
        "пароль пароль пароль",
        "Kettle-kettle-kettle",
        # What everybody says in this order.
        "monday tuesday wednesday",
        "one two three four",
        "OctoberNovemberDecember",
        "Spring, summer, autumn 2026",
    ],
)
def test_what_is_tried_first_is_refused(password: str) -> None:
    said = fault(password)
    assert "Choose another password" in said or "without your name" in said
    assert "Use three or more words that do not belong together" in said


@pytest.mark.parametrize(
    "password",
    [
        "LenaLead2026!!",
        "lena lead lena lead",
        "Lead.Lena.1977",
        "lead@example.org1",
        "NHSAnywhere2026!",
        "NHS Anywhere Foundation Trust",
        "anywherefoundationtrust1",
        "Anywhere!Lena!77",
        "ＬｅｎａＬｅａｄ２０２６！",
        "Léna.Léad.1977",
        "L\u0435na L\u0435ad 1977",
    ],
)
def test_ones_own_name_address_and_organisation_are_refused(world: World, password: str) -> None:
    assert "Choose a password without your name, your address or your organisation" in fault(password, world.lead)


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "four quite new words",
        "blue kettle window",
        "jX9#kqL2mZ!p",
        "kdjfhgqwpzmx",
        "tri gair cymysg iawn",
        "żółty rower w deszczu",
        "lena sings to purple kettles",
        "no no never sell the tango",
        "one walrus hums in october fog",
        "4829!7361#59@206",
        "q9!9#Lm$9&Zp2@",
        "ταξίδι λεμόνι θάλασσα κουτί",
        "x" + "correct horse battery staple" * 100,
    ],
)
def test_strong_ones_are_taken_and_may_be_long(world: World, password: str) -> None:
    assert fault(password, world.lead) == ""


def test_a_short_one_is_told_how_long_it_must_be() -> None:
    assert "Enter a password of at least 12 characters" in fault("jX9#kqL2mZ!")


def test_a_long_one_is_judged_quickly(world: World) -> None:
    """Some take zxcvbn minutes: only the beginning is weighed. (A second is many times what it needs.)"""
    started = time.process_time()
    fault("4@8({[<369&#!1/|0$5+7%2" * 1_000, world.lead)
    assert time.process_time() - started < 6


def test_the_pages_say_so_and_keep_the_old_one(world: World, signed_in: SignedIn) -> None:
    words = {"oldpassword": PASSWORD, "password1": "NHSAnywhere2026!", "password2": "NHSAnywhere2026!"}
    html = signed_in(world.lead).post("/accounts/password/change/", words).content.decode()
    assert "Choose a password without your name" in html
    assert "NHSAnywhere2026!" not in html
    world.lead.refresh_from_db()
    assert world.lead.check_password(PASSWORD)


def test_an_administrator_cannot_set_a_weak_one_either(world: World, signed_in: SignedIn) -> None:
    page = f"/admin/worksheets/user/{world.lead.pk}/password/"
    words = {"usable_password": "true", "password1": "LenaLead2026!!", "password2": "LenaLead2026!!"}
    html = signed_in(world.admin).post(page, words | {"own_password": PASSWORD}).content.decode()
    assert "Choose a password without your name" in html
    world.lead.refresh_from_db()
    assert world.lead.check_password(PASSWORD)
