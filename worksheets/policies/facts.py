"""The facts that fill the holes of clauses: asked once, in the workbook of facts, and put into every document.

The workbook is WORKBOOKS["policy-facts"], of one stage, "facts". Its answers, question by question:

- roles: lead, lead_deputy, moderator, moderator_deputy, keeper, keeper_deputy, crisis_lead, crisis_deputy, committee
- contacts: communications, press, patient_experience, complaints, governance, safeguarding, speak_up, support, on_call;
  regulators and related, one a line
- watching: watched (always, extended, office-hours or nobody), hours (in words), reply_within (hours), nights, tone,
  languages, website, appeal, appeal_days (working days)
- clearance: signs_off (yes or no), because, steps (rows: role, deputy, what, hours), out_of_hours, live
- holdings: accounts (rows: platform, account, owner, deputy)
- trouble: risks (rows: risk, mitigation), contingency, fallback; partners, one a line

The newest run of an organisation is what its documents are filled from. Whoever reads it asks the functions here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from worksheets.cleaning import one_line
from worksheets.fields import PlainRow, RowsOf, Scope, maybe, spoken_hours, spoken_number, text
from worksheets.words import counted, inside

# The workbook that asks for the facts, and its one stage.
WORKBOOK, STAGE = "policy-facts", "facts"
ACCOUNTS = RowsOf(STAGE, "holdings", "accounts", words="platform", noun="account")
STEPS = RowsOf(STAGE, "clearance", "steps", words="role", noun="step")
RISKS = RowsOf(STAGE, "trouble", "risks", words="risk", noun="risk")

HOLE = re.compile(r"\{([a-z_]+)\}")
# A hole in a line of its own, and a full stop behind one that stands in a sentence.
ALONE = re.compile(r"^[ \t]*\{([a-z_]+)\}[ \t]*$", re.MULTILINE)
IN_A_SENTENCE = re.compile(r"\{([a-z_]+)\}(?=(?P<stop>[.:;,?])?)")

# What each hole asks for, in words, by its name.
HOLES: dict[str, str] = {
    "organisation": "the name of your organisation",
    "lead": "who answers for social media",
    "lead_deputy": "who stands in for them",
    "moderator": "who moderates",
    "moderator_deputy": "who moderates when they are away",
    "keeper": "who keeps the accounts",
    "keeper_deputy": "who keeps the accounts when they are away",
    "crisis_lead": "who leads your communications in a crisis",
    "crisis_deputy": "who leads in a crisis when they are away",
    "committee": "who approves your policies",
    "communications": "how people reach communications",
    "press": "how people reach the press office",
    "patient_experience": "how people reach patient experience",
    "complaints": "where people complain",
    "governance": "how people reach information governance",
    "safeguarding": "how people reach safeguarding",
    "speak_up": "where staff raise concerns",
    "support": "where staff find support",
    "on_call": "how people reach whoever is on call",
    "regulators": "what the professional regulators say",
    "related": "which documents belong beside this one",
    "hours_watched": "when somebody watches",
    "reply_time": "how soon people get an answer",
    "nights": "what happens to a message at night and at weekends",
    "tone": "how you sound",
    "languages": "in which other languages people can write to you",
    "website": "where the house rules stand",
    "appeal": "how somebody can object to being blocked",
    "appeal_time": "how soon an objection is answered",
    "signoff_steps": "who signs off a post, step by step",
    "signoff_because": "why nobody signs off posts",
    "signoff_nights": "how posts are signed off at night and at weekends",
    "live": "what is agreed before a live post",
    "accounts": "which accounts you have",
    "risks": "what could go wrong",
    "contingency": "what you do when accounts are suddenly busy",
    "fallback": "where you tell people when a platform is down",
    "partners": "with whom you agree what you say",
}
# The holes that are filled by an answer as it was typed: its question and its field.
TYPED = {
    **{
        name: ("roles", name)
        for name in (
            *("lead", "lead_deputy", "moderator", "moderator_deputy", "keeper", "keeper_deputy"),
            *("crisis_lead", "crisis_deputy", "committee"),
        )
    },
    **{
        name: ("contacts", name)
        for name in (
            *("communications", "press", "patient_experience", "complaints", "governance"),
            *("safeguarding", "speak_up", "support", "on_call"),
        )
    },
    **{name: ("watching", name) for name in ("nights", "tone", "languages", "website", "appeal")},
    "signoff_because": ("clearance", "because"),
    "signoff_nights": ("clearance", "out_of_hours"),
    "live": ("clearance", "live"),
    "contingency": ("trouble", "contingency"),
    "fallback": ("trouble", "fallback"),
}
# Those of which every line is one of a list.
LISTED = {
    "regulators": ("contacts", "regulators"),
    "related": ("contacts", "related"),
    "partners": ("trouble", "partners"),
}
# The question of the workbook that asks for what fills a hole; the name of the organisation is asked in none.
ASKED_IN: dict[str, str] = {
    **{hole: question for hole, (question, _) in {**TYPED, **LISTED}.items()},
    **dict.fromkeys(("hours_watched", "reply_time", "appeal_time"), "watching"),
    "signoff_steps": "clearance",
    "accounts": "holdings",
    "risks": "trouble",
}
# When somebody watches, as it ends "Somebody reads what you write ...". Where nobody does, there is nothing to say.
WATCHED = {
    "always": "at all times, at night and at weekends too",
    "extended": "in office hours, and on some evenings or weekends",
    "office-hours": "on weekdays, in office hours",
}
# How hours begin that were typed as a sentence of their own: names of days keep their capital.
BEGINNINGS = ("From ", "On ", "In ", "At ", "Every ", "Between ", "Until ", "All ")
# From how many hours on an answer is promised in days, where they are whole ones.
IN_DAYS = 48


@dataclass(frozen=True)
class Filled:
    """Words with their holes filled. `missing` names, in words, the facts that are not known yet: each stands in the
    text as "[when somebody watches: not known yet]"."""

    words: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """What is known, by the name of its hole: a text, or a list of lines."""

    known: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, scope: Scope | None) -> Facts:
        """What a run of the workbook of facts says; nothing where there is none."""
        if scope is None:
            return cls()
        known: dict[str, str | tuple[str, ...]] = {
            "organisation": scope.organisation,
            **{hole: text(scope.answer(STAGE, question), name) for hole, (question, name) in TYPED.items()},
            **{hole: lines(text(scope.answer(STAGE, question), name)) for hole, (question, name) in LISTED.items()},
            "hours_watched": hours_watched(scope),
            "reply_time": reply_time(scope),
            "appeal_time": appeal_time(scope),
            "signoff_steps": tuple(map(step, scope.rows(STEPS))) if signs_off(scope) else (),
            "accounts": tuple(account(row, scope) for row in scope.rows(ACCOUNTS)),
            "risks": tuple(map(risk, scope.rows(RISKS))),
        }
        return cls({hole: said for hole, said in known.items() if said})

    def fill(self, words: str) -> Filled:
        """The words with their holes filled. A list in a line of its own becomes a list; elsewhere it is joined."""
        missing: dict[str, None] = {}

        def unknown(hole: str) -> str:
            told = HOLES.get(hole, hole)
            missing[told] = None
            return f"[{told}: not known yet]"

        def put_alone(hole: re.Match[str]) -> str:
            found = self.known.get(hole[1])
            if not found:
                return unknown(hole[1])
            # A list needs a free line around it.
            return found if isinstance(found, str) else "\n" + "\n".join(f"- {line}" for line in found) + "\n"

        def put(hole: re.Match[str]) -> str:
            found = self.known.get(hole[1])
            if not found:
                return unknown(hole[1])
            said = " ".join((found if isinstance(found, str) else ", ".join(found)).split())
            return said.rstrip(".") if hole["stop"] else said

        # Each part is filled once: braces that somebody typed in a fact are no holes.
        parts: list[str] = []
        end = 0
        for hole in ALONE.finditer(words):
            parts += [IN_A_SENTENCE.sub(put, words[end : hole.start()]), put_alone(hole)]
            end = hole.end()
        parts.append(IN_A_SENTENCE.sub(put, words[end:]))
        filled = re.sub(r"\n{3,}", "\n\n", "".join(parts)).strip("\n")
        return Filled(filled, tuple(missing))


# --- What other rooms ask of a run -----------------------------------------------------------------------------------


def watched(scope: Scope) -> str:
    """When somebody watches the accounts: always, extended, office-hours or nobody; "" while that is not known."""
    return text(scope.answer(STAGE, "watching"), "watched")


def reply_hours(scope: Scope) -> float | None:
    """Within how many hours people get an answer; None while that is not known."""
    return maybe(scope.answer(STAGE, "watching"), "reply_within")


def signs_off(scope: Scope) -> bool | None:
    """Whether somebody signs off posts; None while that is not known."""
    said = text(scope.answer(STAGE, "clearance"), "signs_off")
    return said == "yes" if said else None


def people_named(scope: Scope) -> list[str]:
    """Whoever is named in the facts, each once, as they are called there: by role, for a step or for an account."""
    roles = scope.answer(STAGE, "roles")
    found = [text(roles, name) for name in TYPED if TYPED[name][0] == "roles" and name != "committee"]
    found += [text(row, name) for row in scope.rows(STEPS) for name in ("role", "deputy")]
    found += [text(row, name) for row in scope.rows(ACCOUNTS) for name in ("owner", "deputy")]
    return [*dict.fromkeys(filter(None, (" ".join(one.split()) for one in found)))]


# --- Each hole in its words ------------------------------------------------------------------------------------------


def lines(said: str) -> tuple[str, ...]:
    """The lines of a text, without the mark that begins one of a list."""
    found = (" ".join(line.split()).removeprefix("- ") for line in said.split("\n"))
    return tuple(filter(None, found))


def hours_watched(scope: Scope) -> str:
    """When somebody watches: in the team's own words, or in ours. Nothing where nobody does."""
    key = watched(scope)
    own = one_line(text(scope.answer(STAGE, "watching"), "hours")).rstrip(".")
    own = inside(own) if own.startswith(BEGINNINGS) else own
    return (own or WATCHED[key]) if key in WATCHED else ""


def reply_time(scope: Scope) -> str:
    """Within how many hours, or days: "within 24 hours", "within 3 days"."""
    hours = reply_hours(scope)
    if not hours:
        return ""
    if hours > IN_DAYS and hours % 24 == 0:
        return f"within {counted(int(hours // 24), 'day')}"
    return f"within {spoken_hours(hours)}"


def appeal_time(scope: Scope) -> str:
    """Within how many working days: "within 10 working days"."""
    days = maybe(scope.answer(STAGE, "watching"), "appeal_days")
    return f"within {spoken_number(days)} working {'day' if days == 1 else 'days'}" if days else ""


def step(row: PlainRow) -> str:
    """A step of sign-off: "Midwife on rota, or Second midwife on rota: checks clinical accuracy, within 4 hours"."""
    deputy, what, hours = text(row, "deputy"), text(row, "what").rstrip("."), maybe(row, "hours")
    who = text(row, "role") + (f", or {deputy}" if deputy else "")
    by = f"within {spoken_hours(hours)}" if hours else ""
    done = ", ".join(filter(None, (inside(what), by)))
    return one_line(f"{who}: {done}" if done else who)


def account(row: PlainRow, scope: Scope) -> str:
    """An account: "Facebook, NHSAnywhere: Duty press officer, or Campaigns officer"."""
    named = ", ".join(filter(None, (scope.platform(text(row, "platform")), text(row, "account"))))
    who = ", or ".join(filter(None, (text(row, "owner"), text(row, "deputy"))))
    return one_line(f"{named}: {who}" if who else named)


def risk(row: PlainRow) -> str:
    """A risk, and what is done about it."""
    what, done = text(row, "risk").rstrip("."), text(row, "mitigation")
    return one_line(f"{what}. {done}" if done else f"{what}.")
