"""The fonts of the paper: which there are, in what order they are asked for a letter, and which letters each has.

`python -m worksheets.report.typefaces NODE_MODULES/@fontsource FOLDER` unpacks them into FOLDER and writes down there
which letters they have; `make styles` does. The press and the pages read that table: neither needs to open a font.
Knows neither Django nor WeasyPrint.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

TABLE = "letters.json"
WEIGHTS = (400, 700)
# A letter is drawn by the first family that has it. Latin comes first, pictures before Chinese, which has some as well.
# "noto-sans-thai/thai" is the part called "thai" of the package "@fontsource/noto-sans-thai".
FAMILIES = {
    "Summary": "noto-sans/latin",
    "Summary More": "noto-sans/latin-ext",
    "Summary Vietnamese": "noto-sans/vietnamese",
    "Summary Greek": "noto-sans/greek",
    "Summary Old Greek": "noto-sans/greek-ext",
    "Summary Cyrillic": "noto-sans/cyrillic",
    "Summary More Cyrillic": "noto-sans/cyrillic-ext",
    "Summary Arabic": "noto-sans-arabic/arabic",
    "Summary Hebrew": "noto-sans-hebrew/hebrew",
    "Summary Devanagari": "noto-sans/devanagari",
    "Summary Bengali": "noto-sans-bengali/bengali",
    "Summary Gurmukhi": "noto-sans-gurmukhi/gurmukhi",
    "Summary Gujarati": "noto-sans-gujarati/gujarati",
    "Summary Tamil": "noto-sans-tamil/tamil",
    "Summary Telugu": "noto-sans-telugu/telugu",
    "Summary Kannada": "noto-sans-kannada/kannada",
    "Summary Malayalam": "noto-sans-malayalam/malayalam",
    "Summary Sinhala": "noto-sans-sinhala/sinhala",
    "Summary Thai": "noto-sans-thai/thai",
    "Summary Ethiopic": "noto-sans-ethiopic/ethiopic",
    "Summary Armenian": "noto-sans-armenian/armenian",
    "Summary Georgian": "noto-sans-georgian/georgian",
    "Summary Symbols": "noto-sans-symbols/symbols",
    "Summary Pictures": "noto-sans-symbols-2/symbols",
    "Summary Braille": "noto-sans-symbols-2/braille",
    "Summary Mathematics": "noto-sans-math/latin",
    "Summary Korean": "noto-sans-kr/korean",
    "Summary Chinese": "noto-sans-sc/chinese-simplified",
}
# What every summary is set in: loaded when the press starts, and not when the first letter of it comes.
ALWAYS = ("Summary", "Summary More")


@dataclass(frozen=True, slots=True)
class Face:
    """One family: its files by weight (few have no bold), and the first and last code of each run of its letters."""

    family: str
    files: dict[int, str]
    runs: tuple[tuple[int, int], ...]

    @property
    def rules(self) -> str:
        """The style rules that load it."""
        return "\n".join(
            f'@font-face {{ font-family: "{self.family}"; src: url("font:{file}"); font-weight: {weight} }}'
            for weight, file in self.files.items()
        )


def faces(folder: Path) -> tuple[Face, ...]:
    """The families in their order. FileNotFoundError when the fonts were not unpacked into this folder."""
    return tuple(
        Face(
            family,
            {int(weight): file for weight, file in told["files"].items()},
            tuple((first, last) for first, last in told["runs"]),
        )
        for family, told in json.loads((folder / TABLE).read_text(encoding="utf-8")).items()
    )


def needed(letters: Iterable[str], among: Iterable[Face]) -> list[Face]:
    """The families that these letters are drawn by: for each letter the first that has it."""
    codes = {ord(letter) for letter in letters}
    found = []
    for face in among:
        own = {code for code in codes if any(first <= code <= last for first, last in face.runs)}
        if own:
            found.append(face)
            codes -= own
    return found


def runs(codes: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Codes as runs of those that follow each other."""
    first = last = None
    for code in sorted(codes):
        if last is not None and code == last + 1:
            last = code
            continue
        if first is not None and last is not None:
            yield first, last
        first = last = code
    if first is not None and last is not None:
        yield first, last


def unpack(packages: Path, folder: Path) -> None:
    """Write the fonts of these packages, and the table of their letters, into a folder.

    They come compressed for the web. Here they are kept as they are read, so that no press spends its time on it.
    """
    from fontTools.ttLib import TTFont

    folder.mkdir(parents=True, exist_ok=True)
    table = {}
    for family, source in FAMILIES.items():
        package, part = source.split("/")
        stem = f"{package}-{part}" if package != "noto-sans" else f"noto-sans-{part}"
        files, letters = {}, set()
        for weight in WEIGHTS:
            packed = packages / package / "files" / f"{stem}-{weight}-normal.woff"
            if weight != WEIGHTS[0] and not packed.exists():
                continue
            font = TTFont(packed)
            font.flavor = font.flavorData = None
            files[weight] = f"{stem}-{weight}.{'otf' if 'CFF ' in font else 'ttf'}"
            font.save(folder / files[weight])
            letters |= set(font.getBestCmap())
        # What a font has below the space are no letters.
        table[family] = {"files": files, "runs": list(runs(code for code in letters if code >= ord(" ")))}
    (folder / TABLE).write_text(json.dumps(table), encoding="utf-8")


if __name__ == "__main__":
    unpack(Path(sys.argv[1]), Path(sys.argv[2]))
