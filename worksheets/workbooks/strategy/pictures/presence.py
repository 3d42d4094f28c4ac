"""Who is where: the platforms that the stakeholders use, how often, and what the team does there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from worksheets.drawing.letters import brief, clean, cut, width, wrap
from worksheets.drawing.pen import BLUE, DARK, GREY, INK, LINE, NARROW, PALE, WHITE, WIDE, Drawing, picture
from worksheets.fields import FREQUENCIES, pairs, text
from worksheets.presentation import Column, Figure, Table
from worksheets.words import listed, of_all
from worksheets.workbook import LinkTo, Reading
from worksheets.workbooks.strategy.stakeholders import WEIGHTS, chosen, there, top_platforms
from worksheets.workbooks.strategy.tables import PLATFORMS, PRESENCE, STAKEHOLDERS

KEY, TITLE = "presence", "Who is where"
ROLES = {"active": "Active", "listen": "Listen", "emergency": "Emergencies", "leave": "Leave"}
# How the picture says in words what is done where.
SAID = {"active": "Active on", "listen": "Listening on", "emergency": "For emergencies", "leave": "Left alone"}
# Who is not on any platform, and of whom that is not known.
ELSEWHERE = {"none": "On none of them", "unknown": "Not known yet"}
NO_ROLE = "Not chosen"
PLACES = ("First", "Second", "Third")
EVERY = 1_000


@dataclass(frozen=True, slots=True)
class Presence:
    """One platform: what the team does there, its one among the top three (0 for none), how often each is there."""

    key: str
    name: str
    role: str
    top: int
    use: tuple[str, ...]

    @property
    def count(self) -> int:
        return sum(map(bool, self.use))


def presences_of(reading: Reading) -> list[Presence]:
    """The platforms that somebody uses, the best first, and behind them those the team has chosen nevertheless."""
    scope = reading.scope
    rows = {text(row, "stakeholder"): pairs(row, "use") for row in there(scope)}
    # Of several accounts on one platform the one tells that does most: the roles come in that order.
    named = dict.fromkeys(filter(None, (text(row, "platform") for row in scope.rows(PLATFORMS))))
    roles = {key: next((role for role in ROLES if key in chosen(scope, role)), "") for key in named}
    used = top_platforms(scope, EVERY)
    return [
        Presence(
            key,
            clean(scope.platform(key)),
            ROLES.get(roles.get(key, ""), NO_ROLE),
            n if n <= len(PLACES) and key in used else 0,
            tuple(rows.get(who, {}).get(key, "") for who in scope.choices(STAKEHOLDERS)),
        )
        for n, key in enumerate(dict.fromkeys((*used, *roles)), 1)
    ]


def draw_use(pen: Drawing, x: float, y: float, use: str) -> None:
    """Three dots, as many of them full as the frequency weighs, and the word below; a dash for nobody there."""
    if not use:
        pen.line(x - 5, y, x + 5, y, colour=LINE, thick=1.5)
        return
    for n in range(3):
        full = n < WEIGHTS[use]
        pen.dot(x + (n - 1) * 14, y - 6, 5, fill=BLUE if full else WHITE, stroke=BLUE)
    pen.text(x, y + 14, FREQUENCIES[use], 13, colour=INK, anchor="middle")


def draw_role(pen: Drawing, x: float, y: float, role: str) -> float:
    """What the team does there: a full label, one with a line around it, or words alone. Returns how wide it is."""
    strong = role in (ROLES["active"], ROLES["listen"])
    wide = width(role, 13, bold=strong) + 16
    if strong:
        full = role == ROLES["active"]
        pen.rect(x, y - 15, wide, 21, fill=BLUE if full else WHITE, stroke=BLUE, thick=1.5, round_=10)
        pen.text(x + wide / 2, y, role, 13, colour=WHITE if full else DARK, bold=True, anchor="middle")
    else:
        pen.text(x + 8, y, role, 13, colour=GREY)
    return wide


def draw_wide(pen: Drawing, names: list[str], presences: list[Presence]) -> float:
    first, cell = 270, (WIDE - 270) / max(len(names), 1)
    cell = min(cell, 150)
    heads = [wrap(name, cell - 10, 14, 3, bold=True) for name in names]
    deep = max(map(len, heads)) * 17
    for n, lines in enumerate(heads):
        pen.lines(
            first + cell * (n + 0.5),
            14 + deep - 17 * len(lines),
            lines,
            14,
            bold=True,
            anchor="middle",
            leading=17 / 14,
        )
    y = deep + 8.0
    pen.line(0, y, first + cell * len(names), y, thick=2)
    for one in presences:
        if one.top:
            pen.rect(0, y, first + cell * len(names), 50, fill=PALE)
            pen.badge(17, y + 25, str(one.top), fill=DARK, radius=12)
        room = 130
        pen.lines(
            36,
            y + (30 if width(one.name, 15, bold=True) <= room else 21),
            wrap(one.name, room, 15, 2, bold=True),
            15,
            bold=True,
        )
        draw_role(pen, 170, y + 29, one.role)
        for n, use in enumerate(one.use):
            draw_use(pen, first + cell * (n + 0.5), y + 25, use)
        y += 50
        pen.line(0, y, first + cell * len(names), y)
    return y + 4


def draw_narrow(pen: Drawing, names: list[str], presences: list[Presence]) -> float:
    """A phone has no room for names above columns: they are numbers, and the names stand above it all."""
    y = 12.0
    for n, name in enumerate(names, 1):
        pen.badge(12, y, str(n))
        pen.text(32, y + 5, cut(name, NARROW - 34, 14), 14)
        y += 27
    cell = NARROW / max(len(names), 5)
    for one in presences:
        pen.line(0, y, NARROW, y)
        if one.top:
            pen.rect(0, y + 0.5, NARROW, 93, fill=PALE)
            pen.badge(16, y + 18, str(one.top), fill=DARK, radius=12)
        x = 36 if one.top else 6
        name = cut(one.name, 190, 15, bold=True)
        pen.text(x, y + 23, name, 15, bold=True)
        draw_role(pen, NARROW - width(one.role, 13, bold=True) - 22, y + 23, one.role)
        for n, use in enumerate(one.use):
            pen.text(cell * (n + 0.5), y + 48, str(n + 1), 13, colour=GREY, bold=True, anchor="middle")
            draw_use(pen, cell * (n + 0.5), y + 68, use)
        y += 94
    pen.line(0, y, NARROW, y)
    return y + 4


def alternative(names: list[str], presences: list[Presence], elsewhere: Mapping[str, list[str]]) -> str:
    """What the picture says; `elsewhere` are those who are on no platform, in words and by their names."""
    top = [f"{one.name} ({of_all(one.count, len(names), 'stakeholder')})" for one in presences if one.top]
    said = []
    if top:
        said.append(f"The top {'three ' if len(top) == 3 else ''}platforms: {listed(top)}.")
    for role, words in SAID.items():
        here = [one.name for one in presences if one.role == ROLES[role]]
        if here:
            said.append(f"{words}: {listed(here)}.")
    unchosen = [one.name for one in presences if one.role == NO_ROLE]
    if unchosen:
        said.append(f"Used by stakeholders and not chosen: {listed(unchosen)}.")
    said += [f"{words}: {listed(who)}." for words, who in elsewhere.items() if who]
    return " ".join(said)


def table(names: list[str], presences: list[Presence]) -> Table:
    rows = tuple(
        (
            f"{one.name} ({PLACES[one.top - 1].lower()})" if one.top else one.name,
            one.role,
            *(FREQUENCIES.get(use, "–") for use in one.use),
        )
        for one in presences
    )
    columns = (Column("Platform", 3), Column("Our part", 2), *(Column(name, 3, named=True) for name in names))
    return Table("How often each stakeholder uses each platform", columns, rows, tuple(one.key for one in presences))


def who_is_where(reading: Reading, _link_to: LinkTo | None = None) -> Figure:
    """Who is where in a review: the top three are numbered 1 to 3."""
    names = [brief(name) or "–" for name in reading.scope.choices(STAKEHOLDERS).values()]
    presences = presences_of(reading) if names else []
    if not presences:
        asked = reading.scope.question("presence")
        words = f"This shows here once you have answered {asked}, where your stakeholders are online."
        return Figure(TITLE, words, "", table(names, []), KEY, question="presence")
    where = {text(row, "stakeholder"): text(row, "where") for row in reading.scope.rows(PRESENCE)}
    of = dict(zip(reading.scope.choices(STAKEHOLDERS), names, strict=True))
    elsewhere = {said: [of[who] for who in of if where.get(who) == key] for key, said in ELSEWHERE.items()}
    words = alternative(names, presences, elsewhere)
    wide, narrow = Drawing(KEY, WIDE), Drawing(f"{KEY}-narrow", NARROW)
    height, long = draw_wide(wide, names, presences), draw_narrow(narrow, names, presences)
    return picture(TITLE, words, "presence", table(names, presences), (wide, height), (narrow, long))
