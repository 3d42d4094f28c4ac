"""Which passwords are taken: long ones that nobody guesses who knows whose they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator, MinimumLengthValidator
from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

from toolkit.frame import SERVICE
from worksheets.models import Organisation

# Of a longer password only the beginning is weighed: all of it could take minutes.
WEIGHED = 32
# What is looked at for words that are said twice: a passphrase of any length.
LONGEST = 1_000
# From 0 to 4. What reaches 4 takes ten thousand million guesses, and more.
ENOUGH = 4
# Words of a name that are too short to say whose it is.
SHORTEST = 3
# Letters of other scripts that look like Latin ones: whoever guesses writes them the same way.
LOOK_ALIKE = str.maketrans("аеорсухіјѕԁһкмтвнαεοικνρτυχγβμæøłđı", "aeopcyxijsdhkmtbhaeoikvptuxybuaoldi")
# What belongs together in everybody's head: days, months, seasons and numbers, one after the other.
TOGETHER = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|october"
    r"|november|december|spring|summer|autumn|winter|zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|thirteen|twenty|hundred|[\W\d_]+"
)
WORDS = "Use three or more words that do not belong together"
WEAK = {
    "repeat": f"Choose another password. This one repeats itself. {WORDS}",
    "sequence": f"Choose another password. This one follows the alphabet or counts. {WORDS}",
    "spatial": f"Choose another password. This one follows the keys of a keyboard. {WORDS}",
    "date": f"Choose another password. This one is mostly a date. {WORDS}",
}
COMMON = f"Choose another password. This one is guessed quickly. {WORDS}"


class Long(MinimumLengthValidator):
    """At least so many characters, in our words."""

    def get_error_message(self) -> str:
        return f"Enter a password of at least {self.min_length} characters"


class NotKnown(CommonPasswordValidator):
    """None of those that are in the lists of passwords that were stolen."""

    def get_error_message(self) -> str:
        return f"Choose another password. This one is in lists of stolen passwords. {WORDS}"


class HardToGuess:
    """What zxcvbn thinks strong, without the name, the address or the organisation of whoever will use it."""

    def validate(self, password: str, user: Any = None) -> None:
        """ValidationError, with what to do, for a password that is quickly guessed."""
        about = sorted({plain(word) for word in words_about(user)}, key=len, reverse=True)
        # As it was typed, and as it looks.
        for typed in dict.fromkeys([password, plain(password)]):
            rest = re.sub("|".join(map(re.escape, about)), "", typed, flags=re.IGNORECASE) if about else typed
            if rest != typed and not strong(rest, about):
                raise ValidationError(
                    f"Choose a password without your name, your address or your organisation. {WORDS}", code="personal"
                )
            if not strong(typed, about):
                found = max(weighed(typed, about)["sequence"], key=lambda part: len(part["token"]))
                raise ValidationError(WEAK.get(found["pattern"], COMMON), code="guessable")
        seen = plain(password)[:LONGEST]
        once = {said_once(seen, words) for words in (r"\S+", r"\w{4,}")} - {seen}
        if not all(strong(less, about) for less in once):
            raise ValidationError(WEAK["repeat"], code="guessable")
        if re.search("[a-z]", seen) and not TOGETHER.sub("", seen):
            raise ValidationError(WEAK["sequence"], code="guessable")

    def get_help_text(self) -> str:
        return f"{WORDS}. Leave out your name, your address and your organisation."


def plain(text: str) -> str:
    """A text as it looks, in small letters without accents: by look-alikes nobody makes a word harder to guess."""
    spread = unicodedata.normalize("NFKD", text).casefold().translate(LOOK_ALIKE)
    return "".join(one for one in spread if not unicodedata.combining(one))


def said_once(text: str, words: str) -> str:
    """A text without the words that were said before. `words` is the pattern of one."""
    before: set[str] = set()

    def once(word: re.Match[str]) -> str:
        new = word[0] not in before
        before.add(word[0])
        return word[0] if new else ""

    return re.sub(words, once, text)


def weighed(password: str, about: list[str]) -> dict[str, Any]:
    judged: dict[str, Any] = zxcvbn(password[:WEIGHED], user_inputs=about)
    return judged


def strong(password: str, about: list[str]) -> bool:
    """Whether a password stands up to somebody who knows the words in `about`."""
    return bool(password.strip()) and int(weighed(password, about)["score"]) >= ENOUGH


def words_about(user: Any) -> Iterator[str]:
    """The words that somebody who knows that person, or the service, tries first. `user` may not be stored yet."""
    told = [SERVICE, *(str(getattr(user, name, "") or "") for name in ("name", "email"))]
    if getattr(user, "pk", None):
        told += Organisation.objects.filter(memberships__user=user).values_list("name", flat=True)
    for text in told:
        parts = [part for part in re.split(r"\W+", text.lower()) if part]
        yield from (part for part in [*parts, "".join(parts), " ".join(parts)] if len(part) >= SHORTEST)
