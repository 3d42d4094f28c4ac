"""Stage 4: who moderates, by which rules and hours, and whether nine known pitfalls are dealt with (003)."""

from __future__ import annotations

from collections.abc import Mapping

from worksheets.fields import Choice, Hours, Scope, Text, maybe, spoken_hours, text
from worksheets.words import inside
from worksheets.workbook import Found, Question, QuestionForm, Stage, rule

WATCHED = {
    "always": "Always: nights and weekends too",
    "extended": "Longer than office hours: evenings or weekends",
    "office-hours": "In office hours",
    "nobody": "Nobody does yet",
}
IN_HAND = {"in-hand": "In hand", "not-yet": "Not yet"}
# Whoever promises an answer in fewer hours than a day has has promised it for nights and weekends.
A_DAY = 24


class RunForm(QuestionForm):
    moderator = Text(
        "Who moderates?",
        "One person by name, who knows social media and has time for this.",
        under="Who does it, and when",
        needed=True,
        short="Moderator",
        ask="Enter who moderates",
        suggests="people",
    )
    deputy = Text(
        "Who does when they are away?",
        needed=True,
        short="Deputy",
        ask="Enter who moderates when the moderator is away",
        suggests="people",
    )
    watched = Choice(
        "When does somebody watch the conversation?",
        WATCHED,
        needed=True,
        short="Watched",
        ask="Choose when somebody watches the conversation",
    )
    reply_within = Hours(
        "Within how many hours do people get an answer?",
        "Nights and weekends count.",
        unit="hours",
        short="People get an answer within",
    )
    rules = Text(
        "What are the ground rules?",
        "What people may post, what you take down, and how you tell them. Or the link to your rules.",
        under="How you talk",
        lines=4,
        needed=True,
        short="Ground rules",
        ask="Enter your ground rules, or the link to them",
    )
    tone = Text(
        "In what tone do you talk, and where does it differ?",
        "For example, friendly and short on Facebook, fuller in the forum.",
        lines=2,
        short="Tone",
    )
    confidential = Text(
        "What do you do when somebody tells you something private?",
        "About their health, or about somebody else. Say where you take the talk, and what you do with the post.",
        lines=3,
        needed=True,
        short="When somebody tells something private",
        ask="Say what you do when somebody tells you something private",
    )


def pitfall(label: str, hint: str, under: str = "") -> Choice:
    """Whether one of the pitfalls is dealt with."""
    ask = f"Choose whether “{label}” is in hand"
    return Choice(label, IN_HAND, hint, inline=True, needed=True, under=under, short=label, ask=ask)


def dealt_with(short: str) -> Text:
    """How it is dealt with, or what is still to do: one line that always stands below it."""
    return Text(f"{short}: what you do about it", short=f"{short}: what we do")


class PitfallsForm(QuestionForm):
    end_in_itself = pitfall(
        "Social media for its own sake",
        "The insight comes first. Social media is one way to get it.",
        "What you expect of it",
    )
    end_in_itself_how = dealt_with("For its own sake")
    only_digital = pitfall(
        "Only digital", "Some people can only be reached in older ways: by post, by phone, in person."
    )
    only_digital_how = dealt_with("Only digital")
    age_assumed = pitfall("Guessing by age", "Many older people are at ease online. Ask, and do not guess.")
    age_assumed_how = dealt_with("Guessing by age")
    saves_money = pitfall("Hoping to save money", "It may lead to better care in time. It takes staff hours now.")
    saves_money_how = dealt_with("Hoping to save money")
    agenda_lost = pitfall(
        "Losing the thread",
        "Talk can run fast and away from your question. Plan when to lead and when to let it go.",
        "While it runs",
    )
    agenda_lost_how = dealt_with("Losing the thread")
    unmoderated = pitfall("Nobody moderates", "Every place where you ask needs somebody who looks after it.")
    unmoderated_how = dealt_with("Nobody moderates")
    no_reply = pitfall("Leaving people without an answer", "Who gets no answer soon leaves.")
    no_reply_how = dealt_with("Without an answer")
    wrong_tone = pitfall(
        "The wrong tone",
        "Each platform has its own. Say nothing there that you would not say in front of colleagues.",
        "What you say",
    )
    wrong_tone_how = dealt_with("The wrong tone")
    confidentiality = pitfall("Giving away what is private", "All of it is public, whoever writes it.")
    confidentiality_how = dealt_with("What is private")


def pitfalls_named(_scope: Scope) -> Mapping[str, str]:
    """The pitfalls in words, by the names of their fields."""
    return {name: inside(str(kind.label)) for name, kind in PitfallsForm.kinds.items() if isinstance(kind, Choice)}


@rule(
    "run.watched-less-than-promised",
    "warn",
    "run",
    "watched",
    why="People whose questions get no answer soon leave (Smart guide to engagement, about 2012).",
    says=lambda scope, _: (
        f"You promise an answer within {spoken_hours(maybe(scope.answer('run', 'run'), 'reply_within') or 0)}, and "
        + (
            "nobody watches the conversation"
            if text(scope.answer("run", "run"), "watched") == "nobody"
            else "somebody watches in office hours only"
        )
        + ". Watch for longer, or promise less."
    ),
)
def watched_less_than_promised(scope: Scope) -> bool:
    answer = scope.answer("run", "run")
    hours = maybe(answer, "reply_within")
    return hours is not None and hours < A_DAY and text(answer, "watched") in ("office-hours", "nobody")


@rule(
    "run.pitfall-open",
    "note",
    "pitfalls",
    "end_in_itself",
    of=pitfalls_named,
    why="These are the ways in which such plans most often go wrong (Smart guide to engagement, about 2012).",
    says=(
        "One pitfall is not in hand yet: {them}. Deal with it before you begin to ask.",
        "Some pitfalls are not in hand yet: {them}. Deal with them before you begin to ask.",
    ),
)
def pitfall_open(scope: Scope) -> Found:
    answer = scope.answer("run", "pitfalls")
    return [name for name in pitfalls_named(scope) if text(answer, name) == "not-yet"]


STAGE = Stage(
    key="run",
    title="How you run it",
    short="how you run it",
    questions=(
        Question(
            "run",
            "Who looks after the conversation, and by which rules?",
            "Moderating",
            RunForm,
            minutes=5,
            reading=("learning",),
        ),
        Question(
            "pitfalls",
            "Which of the nine pitfalls have you dealt with?",
            "Pitfalls",
            PitfallsForm,
            minutes=5,
            reading=("learning",),
        ),
    ),
    rules=(watched_less_than_promised, pitfall_open),
)
