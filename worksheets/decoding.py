"""Reads the text in a file's bytes, in whichever encoding the program that wrote it chose."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from contextlib import suppress

# The longer marks first: that of UTF-32 begins like that of UTF-16.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What a Windows shell takes the output of a command for, before it writes it to a file as UTF-16.
SHELLS = ("cp850", "cp437")

# What comes of a letter that is read in another encoding than it was written in: a capital or a sign in a word, or a
# capital of another alphabet than ours by itself.
ODD = re.compile(
    "(?<=[a-z])[\u2018\u201c\u201e\u00c0-\u00de\u0152\u0160\u0178\u017d]|[\u0080-\u009f]"
    "|(?<=[A-Za-z])[\u00a1-\u00bf\u2020-\u2022\u2030\u20ac\u0192\u2026\u02c6\u02dc\u2122](?=[a-z])"
    "|(?<![A-Za-z])[\u00d0-\u00d5](?=[^A-Za-z]|\\Z)"
)


def decoded(data: bytes, *, older: Sequence[str] = ()) -> str:
    """The text in `data`, without its mark: Unicode with or without one, or else that of the `older` encodings in which
    it reads best, the first among equals. UnicodeDecodeError when it is none of them.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding)
            return text if encoding == "utf-8" else redirected(text)
    if wide := unmarked(data):
        return redirected(data.decode(wide))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        if not older:
            raise
        texts = [data.decode(encoding) for encoding in older]
        return min(texts, key=lambda text: len(ODD.findall(text)))


def unmarked(data: bytes) -> str:
    """The UTF-16 that a file without a mark is in, told by its first two letters, which are plain ones; "" for none."""
    match [bool(byte) for byte in data[:4]]:
        case [True, False, True, False]:
            return "utf-16-le"
        case [False, True, False, True]:
            return "utf-16-be"
    return ""


def redirected(text: str) -> str:
    """A text that a Windows shell took for one in its own old encoding when it redirected it, as it was before.

    Only what is UTF-8 once the mistake is undone is taken for one: no text that somebody wrote is.
    """
    if not text.isascii():
        for shell in SHELLS:
            with suppress(UnicodeError):
                return text.encode(shell).decode("utf-8")
    return text
