"""Draws NHS summary lists of answers by skeleton: a review has hundreds of rows, and the macro is slow with each."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.safestring import SafeData, SafeString, mark_safe

from worksheets.skeleton import Skeleton, macro, skeleton, slot

CLASSES = "app-answers"


def parts() -> tuple[Skeleton, Skeleton]:
    """The list with a hole for its rows, and one row with holes for its label and its answer."""

    def outer() -> str:
        start, _, end = whole().partition(row())
        return f"{start}{slot('rows')}{end}"

    def whole() -> str:
        rows = [{"key": {"text": slot("label")}, "value": {"html": slot("answer")}}]
        return macro("summary-list", {"classes": CLASSES, "rows": rows})

    def row() -> str:
        html = whole()
        return html[html.index("<div") : html.rindex("</div>") + len("</div>")]

    return skeleton((__name__, "answers"), outer), skeleton((__name__, "row"), row)


def answer_list(rows: Iterable[tuple[str, SafeData]]) -> SafeString:
    """A summary list of labels, which are escaped here, and answers, which a template has made safe already."""
    whole, row = parts()
    # What a Jinja macro returns is safe in Jinja's way: `__html__` is what both ways share.
    filled = [row.fill({"label": label, "answer": SafeString(answer.__html__())}) for label, answer in rows]
    return whole.fill({"rows": mark_safe("\n  ".join(filled))})  # noqa: S308 - each row was filled just above
