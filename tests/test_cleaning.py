"""What people paste: nobody's text is changed by more than what nobody sees."""

from __future__ import annotations

import pytest

from worksheets.cleaning import alike, clean, compact, one_line


@pytest.mark.parametrize("mark", ["\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\r", "\r\n", "\n"])
def test_every_kind_of_break_is_a_line_break(mark):
    assert clean(f"Answer questions{mark}Show what changed") == "Answer questions\nShow what changed"


UNSEEN = "fffc 00 07 1f 7f 90 ad 200b 200c 200d 200e 200f 202d 202e 2060 2066 2069 feff 34f 61c 180e fe0f e0041 d83d"


@pytest.mark.parametrize("mark", [chr(int(code, 16)) for code in UNSEEN.split()], ids=UNSEEN.split())
def test_what_nobody_sees_goes_and_is_no_answer(mark):
    assert clean(f"lis{mark}ten first{mark}") == "listen first"
    assert clean(f" {mark}{mark}\n{mark} ") == ""


@pytest.mark.parametrize("blank", ["\u00a0", "\u2003", "\u3000", "\u2800", "\t", "\u3164"])
def test_blanks_of_any_width_are_no_answer(blank):
    assert clean(blank * 3) == ""


@pytest.mark.parametrize(
    "text",
    [
        "می‌خواهم",
        "क्‍ष",
        "ශ්‍රී",
        "👩‍⚕️ and 👨‍👩‍👧",
        "🏴󠁧󠁢󠁷󠁬󠁳󠁿 Cymru",
        "1️⃣ first",
        "❤️",
        "葛󠄀城",
        "Llŷn",
        "naïve £5 – “so”",
        "two\n\nparagraphs",
        "ਪੰਜਾਬੀ",
    ],
)
def test_what_is_seen_stays_as_it_was_written(text):
    assert clean(text) == text


def test_tabs_are_spaces_and_the_bullets_of_word_are_bullets():
    assert clean("\uf0b7\tListen first") == "• Listen first"


def test_a_name_is_one_line_with_single_spaces():
    assert one_line("  Lena\u00a0\u200b Lead\nand  others ") == "Lena Lead and others"


def test_an_address_holds_no_space_and_nothing_unseen():
    assert compact("new.person2\u202d @example.org\n") == "new.person2@example.org"


@pytest.mark.parametrize(
    "other", ["Autumn  2026", "autumn\u00a02026", "AUTUMN 2026", "Autumn\u200b 2026", "Ａutumn 2026"]
)
def test_names_that_look_the_same_are_alike(other):
    assert alike(other) == alike("Autumn 2026")
