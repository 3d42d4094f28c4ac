"""The keys of all that a quick check asks for a verdict on: what each is called, and how it was answered."""

from __future__ import annotations

from collections.abc import Callable

from worksheets.fields import YES_UNSURE_NO, RowsOf, Scope, text
from worksheets.workbook import Reading

# The four questions of the guide, and its thirteen habits (004), each as it stands in lists.
FOUR = {
    "planned": "A content and campaign plan",
    "managed": "Channels watched and up to date",
    "impact": "Effect on daily work known",
    "worth": "Worth it next to all you offer",
}
HABITS = {
    "audience_known": "Knowing who each channel is for",
    "not_for": "Telling people what not to send",
    "purpose_told": "Telling people what to expect",
    "locked_down": "Switching off risky settings",
    "no_debates": "Staying out of arguments",
    "moderated": "Checking comments",
    "feedback_welcomed": "Thanking people for feedback",
    "moves_to_private_said": "Saying that you reply privately",
    "reputation_weighed": "Weighing your reputation",
    "policy": "Having a written policy",
    "content_plan": "Planning content for the year",
    "everyone_knows": "Knowing what the others post",
    "no_promises_for_others": "Promising what all sites can keep",
}
ALL = FOUR | HABITS

# How a habit may be kept.
KEPT = {"yes": "Yes", "partly": "Partly", "no": "No", "not-applicable": "Does not apply"}

ACTIONS = RowsOf("changes", "actions", "actions", words="what", noun="action")


def verdicts(scope: Scope) -> dict[str, str]:
    """How each key was answered, in the order of the pages; what is not answered is left out."""
    said = {**scope.answer("working", "four"), **scope.answer("habits", "habits")}
    return {key: text(said, key) for key in ALL if text(said, key)}


def in_words(key: str, verdict: str) -> str:
    """An answer in words; "" for none."""
    return (YES_UNSURE_NO if key in FOUR else KEPT).get(verdict, "")


def short_of_yes(scope: Scope) -> list[str]:
    """Those of the four that are a no. The guide knows yes and no only, so that "not sure" counts as no."""
    return [key for key, verdict in verdicts(scope).items() if key in FOUR and verdict != "yes"]


def refused(scope: Scope) -> set[str]:
    """All keys that are a no: "not sure" with the four, and no habit that is kept in part."""
    return {*short_of_yes(scope), *(key for key, verdict in verdicts(scope).items() if verdict == "no")}


def kept(verdict: str) -> Callable[[Reading], float | None]:
    """What counts the habits that were answered so; None while no habit is answered."""

    def count(reading: Reading) -> float | None:
        said = [given for key, given in verdicts(reading.scope).items() if key in HABITS]
        return said.count(verdict) if said else None

    return count
