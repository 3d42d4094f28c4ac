"""Reads addresses for mail as people copy them from their mail program: with names, brackets and what parts them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from email.utils import unquote as without_quotes
from urllib.parse import parse_qs, unquote

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from worksheets.cleaning import clean, one_line

# What may stand around an address and is no part of it.
AROUND = " <>()[]\"',;:"
# What stands before the addresses of a line: the mark of a list, and what a mail says them to be ("To:", "The team:").
# Nobody can copy a "Bcc:" from a mail that they were sent: that is somebody who tries our own mails.
BULLET = re.compile(r"\A\s*(?:[-*\u2022\u00b7\u2013]|[0-9]{1,3}[.)])\s+")
HEADING = re.compile(r"\A\s*(?:(?!mailto:|bcc:)[^@<>:\",]{1,40}:\s+|e-?mail:)(?=[^:]*@)", re.IGNORECASE)
# A link with more than one address in it: what follows the question mark may name further ones.
LINK = re.compile(r"mailto:([^?\s<>;]*)\?([^\s<>]*)", re.IGNORECASE)
# As keyboards for Chinese and Japanese write what parts addresses.
WIDE = str.maketrans("＠；，、", "@;,,")
# A semicolon in a name parts nothing, and neither does the line break between a name and its address.
IN_QUOTES = re.compile(r'"[^"\n@]*"(?=[ \t]*<)')
SPACES = re.compile(" {2,}")
SEMICOLON = "\ue000"
FOLDED = re.compile(r"^([^@\n<]*[^@\n<;, ][ ]*)\n[ ]*(?=<)", re.MULTILINE)
# How chats and some programs write an address with a name: "Nora New (nora@example.org)", or the other way round.
BESIDE = (
    re.compile(r"(?P<name>[^@<>]*?)\s*[(\[](?:mailto:)?(?P<email>[^\s@()\[\]<>]+@[^\s@()\[\]<>]+)[)\]]\s*"),
    re.compile(r"\s*(?P<email>[^\s@()\[\]<>]+@[^\s@()\[\]<>]+)\s+\((?P<name>[^@<>()]*)\)\s*"),
    re.compile(r"\s*\[(?P<name>[^\]]*)\]\(mailto:(?P<email>[^\s@()\[\]<>]+@[^\s@()\[\]<>]+)\)\s*"),
)
# What stands between addresses in a sentence.
AND = {"and", "or", "&", "|", "/", "+"}
# More text than anybody's list of addresses has.
LONGEST = 20_000


@dataclass(frozen=True)
class Address:
    """Where mail goes, in lower case, and the name that stood with it; "" for none. It may still be no address."""

    email: str
    name: str = ""

    def __str__(self) -> str:
        name = f'"{self.name}"' if ";" in self.name else self.name
        return f"{name} <{self.email}>" if name else self.email


def read_addresses(text: str) -> list[Address]:
    """The addresses in a text, each once, in their order; what is none comes along for its error.

    They are parted by semicolons, commas or lines. A name may stand before one in brackets, with a comma in it or
    without, and in a cell of its own beside one in a line of a spreadsheet.
    """
    if len(text) > LONGEST:
        return [Address(text)]
    whole = LINK.sub(_from_link, "\n".join(map(_from_cells, text.translate(WIDE).splitlines())))
    quoted = IN_QUOTES.sub(lambda name: name[0].replace(";", SEMICOLON), SPACES.sub(" ", clean(whole)))
    lines = FOLDED.sub(r"\1 ", quoted).replace(";", "\n").split("\n")
    found = [address for line in lines for address in _in_line(line) if address.email]
    # Of one that stands there twice, the name counts that was given first.
    once: dict[str, Address] = {}
    for address in found:
        if address.email not in once or not once[address.email].name:
            once[address.email] = address
    return list(once.values())


def is_email(text: str) -> bool:
    """Whether mail can be sent there, as far as its form tells."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def read_address(text: str) -> Address:
    """The one address in a text. When it holds several, or none, all of it is taken for one, which is none."""
    found = read_addresses(text)
    return found[0] if len(found) == 1 else Address(one_line(text).lower())


def _from_cells(line: str) -> str:
    """A line of a spreadsheet as one of a mail program."""
    cells = [cell.strip() for cell in line.split("\t") if cell.strip()]
    emails = [cell for cell in cells if "@" in cell]
    if len(cells) == 1 or len(emails) != 1 or "<" in emails[0]:
        return " ".join(cells)
    return f"{' '.join(cell for cell in cells if cell not in emails)} <{emails[0]}>"


def _from_link(link: re.Match[str]) -> str:
    """All addresses of a link, and none of its subject."""
    asked = {name.lower(): values for name, values in parse_qs(link[2].replace("+", "%2B")).items()}
    return ",".join(
        filter(None, [unquote(link[1]), *(one for name in ("to", "cc", "bcc") for one in asked.get(name, []))])
    )


def _in_line(line: str) -> list[Address]:
    found: list[Address] = []
    line = HEADING.sub("", BULLET.sub("", line, count=1), count=1)
    while "<" in line and ">" in line.partition("<")[2]:
        before, _, rest = line.partition("<")
        email, _, line = rest.partition(">")
        # The name reaches back to the last address that stands without one: it may hold a comma itself.
        *others, name = before.split(",")
        found += [Address(_bare(other)) for other in others if "@" in other]
        found.append(Address(_bare(email), _named(",".join([*(one for one in others if "@" not in one), name]))))
    for shape in BESIDE:
        if both := shape.fullmatch(line):
            return [*found, Address(_bare(both["email"]), _named(both["name"]))]
    for part in line.split(","):
        words = [word for word in _tight(part).split() if word.lower() not in AND]
        several = len(words) > 1 and all("@" in word for word in words)
        found += [Address(_bare(one)) for one in (words if several else [part])]
    return found


def _tight(text: str) -> str:
    """The text without the spaces that a line break or a mark left around an @."""
    return "@".join(part.strip() for part in text.split("@"))


def _bare(text: str) -> str:
    """An address without what stands around it, and without the scheme and the subject of a link."""
    email = one_line(text).strip(AROUND)
    if email.lower().startswith("mailto:"):
        email = one_line(unquote(email.partition(":")[2].partition("?")[0])).strip(AROUND)
    return unicodedata.normalize("NFKC", _tight(email)).rstrip(".").lower()


def _named(text: str) -> str:
    """A name as a mail program writes it before an address; nothing where that is an address again."""
    name = without_quotes(one_line(text).replace(SEMICOLON, ";").strip(" ,")).strip(" '\"")
    return "" if re.search(r"\S@\S", name) else name
