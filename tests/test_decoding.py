"""Files come in the encoding that some program chose; their text is the same."""

from __future__ import annotations

import codecs

import pytest

from worksheets.decoding import decoded

TEXT = '{\r\n "name": "Llŷn – “so”"\r\n}'


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
    ],
)
def test_a_text_is_the_same_in_every_encoding_of_unicode(data: bytes) -> None:
    assert decoded(data) == TEXT


@pytest.mark.parametrize("shell", ["cp850", "cp437"])
def test_what_a_shell_mistook_when_it_redirected_an_export_is_put_right(shell: str) -> None:
    assert decoded(TEXT.encode().decode(shell).encode("utf-16")) == TEXT


def test_text_that_only_looks_odd_stays() -> None:
    assert decoded("Γ Ç ô".encode("utf-16")) == "Γ Ç ô"
    assert decoded("Ünïcode £5".encode("utf-16")) == "Ünïcode £5"


def test_an_older_encoding_is_taken_only_where_it_may_be() -> None:
    data = "“£5” – naïve".encode("cp1252")
    assert decoded(data, older=["cp1252"]) == "“£5” – naïve"
    with pytest.raises(UnicodeDecodeError):
        decoded(data)


WRITTEN = [
    "Don’t stop – £5 a head",
    "“Ask first”, said the café",
    "–5",
    "naïve, Llŷn’s… coöperation".replace("ŷ", "y"),
    "Zoë’s note • bullet",
    "100 % – O’Neil",
    "São Paulo £1.50 ½",
]


# An older Mac has no ½.
@pytest.mark.parametrize(
    ("text", "encoding"),
    [(text, "cp1252") for text in WRITTEN] + [(text, "mac_roman") for text in WRITTEN if "½" not in text],
)
def test_a_file_from_an_older_mac_is_told_from_one_of_windows(text: str, encoding: str) -> None:
    assert decoded(text.encode(encoding), older=["cp1252", "mac_roman"]) == text


def test_a_file_cut_in_the_middle_of_a_letter_is_none() -> None:
    with pytest.raises(UnicodeDecodeError):
        decoded("£5".encode("utf-16")[:-1])
