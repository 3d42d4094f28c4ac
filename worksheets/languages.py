"""The languages that reviews are written in, and how a page says which one stands where."""

from __future__ import annotations

import re

from django.utils.safestring import SafeString, mark_safe

# The language of every page, and of all words that are ours.
OURS = "en-GB"
# The languages of these islands, then those most spoken here (Census 2021), each with its own name where it has letters
# that every machine draws. Keys are BCP 47 tags.
LANGUAGES = {
    OURS: "English",
    "cy": "Welsh (Cymraeg)",
    "gd": "Scottish Gaelic (Gàidhlig)",
    "ga": "Irish (Gaeilge)",
    "ar": "Arabic",
    "bn": "Bengali",
    "zh": "Chinese",
    "fr": "French (Français)",
    "gu": "Gujarati",
    "hi": "Hindi",
    "it": "Italian (Italiano)",
    "ku": "Kurdish (Kurmancî)",
    "ckb": "Kurdish (Sorani)",
    "lt": "Lithuanian (Lietuvių)",
    "fa": "Persian",
    "pl": "Polish (Polski)",
    "pt": "Portuguese (Português)",
    "pa": "Punjabi",
    "ro": "Romanian (Română)",
    "so": "Somali (Soomaali)",
    "es": "Spanish (Español)",
    "ta": "Tamil",
    "tr": "Turkish (Türkçe)",
    "uk": "Ukrainian",
    "ur": "Urdu",
}


def choices() -> list[tuple[str, str]]:
    """The languages as a choice: the database takes any tag, so that one more needs no migration."""
    return list(LANGUAGES.items())


# So templates mark what people wrote, and nothing else. Where a language stands beside it already, it stays.
WRITTEN = re.compile(r' dir="auto"(?! lang=)')


def spoken(html: str, language: str | None, among: bool = False) -> SafeString:
    """Finished HTML in which all that people wrote is said to be in that language.

    The page says ours, so that no part has to: only `among` others it is said too.
    """
    if not language or (language == OURS and not among):
        return mark_safe(html)  # noqa: S308 - it is finished
    return mark_safe(WRITTEN.sub(f' dir="auto" lang="{language}"', html))  # noqa: S308 - a tag of ours
