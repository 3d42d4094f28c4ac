"""What people paste: nobody's text is changed by more than what nobody sees."""

from __future__ import annotations

import itertools

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


PAIRED = (
    "\u200b\u200c\u200d\ufe00\ufe0f\U000e0041\U000e007f\U000e0100\u2003\u202f\u3000\u2800\u3164\u00ad\u2028\U00013430"
)


def test_marks_that_nobody_sees_are_no_answer_however_they_stand_together():
    for marks in itertools.product(PAIRED, repeat=3):
        assert clean("".join(marks)) == "", [hex(ord(mark)) for mark in marks]


def test_what_was_cleaned_once_stays_as_it_is():
    for marks in itertools.product(PAIRED + "a1م👩🏴葛", repeat=3):
        once = clean("".join(marks))
        assert clean(once) == once, [hex(ord(mark)) for mark in marks]


@pytest.mark.parametrize("blank", ["\u2800", "\u3164", "\uffa0"])
def test_blanks_that_are_letters_are_spaces(blank):
    assert clean(f"{blank}Listen{blank}first{blank}") == "Listen first"


def test_braille_keeps_its_blanks():
    assert clean("⠇⠊⠎⠞⠑⠝\u2800⠋⠊⠗⠎⠞\u2800") == "⠇⠊⠎⠞⠑⠝\u2800⠋⠊⠗⠎⠞"


def test_a_digit_with_a_mark_for_pictures_is_that_digit():
    assert clean("82\ufe0f") == "82"


def test_tabs_are_spaces_and_the_bullets_of_word_are_bullets():
    assert clean("\uf0b7\tListen first") == "• Listen first"


def test_a_name_is_one_line_with_single_spaces():
    assert one_line("  Lena\u00a0\u200b Lead\nand  others ") == "Lena Lead and others"


def test_an_address_holds_no_space_and_nothing_unseen():
    assert compact("new.person2\u202d @example.org\n") == "new.person2@example.org"


@pytest.mark.parametrize(
    "other",
    [
        *("Autumn  2026", "autumn\u00a02026", "AUTUMN 2026", "Autumn\u200b 2026", "Ａutumn 2026", "Autumn\u28002026"),
        *("Autumn 2026\ufe0f", "Autumn 2026\u2800", "Autumn\u31642026"),
    ],
)
def test_names_that_look_the_same_are_alike(other):
    assert alike(other) == alike("Autumn 2026")


@pytest.mark.parametrize("hyphen", "\u2010\u2011\u2012\u2013\u2014\u2212\uff0d")
def test_names_with_another_hyphen_or_apostrophe_are_alike(hyphen):
    assert alike(f"Children’s drop{hyphen}in") == alike("children's drop-in")


def test_names_that_differ_are_not_alike():
    assert alike("Drop-in 1") != alike("Drop-in 2")
    assert alike("Llyn") != alike("Llŷn")
