"""The page that tells whether a file is one that the organisation issued. Of the file nothing is kept."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from worksheets import access, pages, whole
from worksheets.access import Visit
from worksheets.models import Issued, Policy, PolicyFile
from worksheets.pages import Request
from worksheets.workbooks import WORKBOOKS

MOST_BYTES = 20 * 1024 * 1024
# What a form has around its file.
SURROUNDINGS = 64 * 1024


class Hashed(InMemoryUploadedFile):
    """A file of which only the name, the size and the digest are known."""

    def __init__(self, name: str, size: int, sha256: str) -> None:
        super().__init__(BytesIO(), None, name, None, size, None)
        self.sha256 = sha256


class Hasher(FileUploadHandler):
    """Hashes a file while it comes in, and keeps nothing of it. Stops at the limit."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.sum, self.size, self.over = hashlib.sha256(), 0, False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.size += len(raw_data)
        if self.size > MOST_BYTES:
            raise StopUpload(connection_reset=False)
        self.sum.update(raw_data)

    def file_complete(self, file_size: int) -> Hashed:
        return Hashed(self.file_name or "file", self.size, self.sum.hexdigest())


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: Request, organisation: str) -> HttpResponse:
    """Choose a file, and read for which review, or as which document, it was issued, by whom and when.

    The token of the form is checked in `checked`, and whether all of it came: whoever checks that reads the form, and
    by then the file must have somewhere to go.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if request.method == "POST" and length.isdecimal() and int(length) > MOST_BYTES + SURROUNDINGS:
        visit = access.visit(request.user, organisation)
        return refuse(request, visit, "large")
    request.upload_handlers = [Hasher(request)]
    return checked(request, organisation)


@csrf_protect
def checked(request: Request, organisation: str) -> HttpResponse:
    visit = access.visit(request.user, organisation)
    if request.method != "POST":
        return show(request, visit)
    if not whole.is_whole(request):
        return refuse(request, visit, "cut")
    file = request.FILES.get("file")
    if not isinstance(file, Hashed):
        # A browser sends a file that was not chosen as an empty one, and one that was too long was stopped.
        return refuse(request, visit, "none")
    issued = (
        Issued.objects.filter(sha256=file.sha256, cycle__organisation=visit.organisation)
        .select_related("cycle", "issued_by")
        .defer("pdf")
        .first()
    )
    revision = issued.cycle.revisions.filter(archived_at=None).order_by("-pk").first() if issued else None
    policy = None if issued else issued_policy(visit, file.sha256)
    return show(request, visit, file=file, issued=issued, revision=revision, **(policy or {}))


def issued_policy(visit: Visit, sha256: str) -> dict[str, Any] | None:
    """What is known of the file of a document that the organisation issued; None where it is none. Two queries.

    That is the version, the title that it was issued under, and the version that is in force `instead` of it, if any.
    """
    rows = PolicyFile.objects.filter(sha256=sha256, policy__organisation=visit.organisation)
    file = rows.select_related("policy", "policy__issued_by").defer("pdf", "word").first()
    if file is None:
        return None
    policy = file.policy
    in_force = Policy.objects.filter(
        organisation=visit.organisation, document=policy.document, state=Policy.State.ISSUED
    ).exclude(pk=policy.pk)
    return {"policy": policy, "title": file.said["title"], "sha256": file.sha256, "instead": in_force.first()}


def refuse(request: Request, visit: Visit, why: str) -> HttpResponse:
    """The page with what to do instead."""
    problem = {
        "none": "Choose the PDF that you want to check. It can have 20 MB at most",
        "cut": "Choose the file again. Not all of it arrived, so we cannot tell what it is",
        "large": "Choose a file of 20 MB or less. What was issued here is smaller than that",
    }[why]
    return show(request, visit, 400, problem=problem, has_errors=True)


def show(request: Request, visit: Visit, status: int = 200, **context: Any) -> HttpResponse:
    """The page, with what is known of the `file` that was chosen, or the `problem` with it."""
    known: dict[str, Any] = {"file": None, "issued": None, "revision": None, "problem": "", "policy": None, **context}
    if known["issued"]:
        known["workbook"] = WORKBOOKS[known["issued"].cycle.workbook]
    decided = [workbook.a for workbook in WORKBOOKS.values() if workbook.decided]
    return pages.render(request, "signoff/verify.jinja", visit, status=status, decided=decided, **known)
