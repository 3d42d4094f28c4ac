"""The site of Django admin, which people enter and leave by the same door as the rest of the toolkit."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from worksheets.ageing import WORDS

# The parts of an address that number something: each thing of ours has a whole number.
NUMBERED = ("object_id", "version_id", "id")


def is_number(text: str) -> bool:
    """Whether this can be the number of something that is kept."""
    return text.isascii() and text.isdigit() and len(text) < 19


class ToolkitAdminSite(AdminSite):
    """Signed out: the log-in page. Signed in and no administrator: 403."""

    site_header = "Strategy review administration"
    site_title = "Strategy review administration"
    index_title = "Strategy review administration"
    index_template = "admin/start.html"

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The start page, with what waits for whoever looks at it."""
        # Imported late: the models it needs come after this site.
        from worksheets.admin.tasks import tasks

        return super().index(request, {**(extra_context or {}), "tasks": tasks(request), "mark": WORDS})

    def has_permission(self, request: HttpRequest) -> bool:
        if request.user.is_authenticated and not super().has_permission(request):
            raise PermissionDenied
        return super().has_permission(request)

    def admin_view(self, view: Callable[..., HttpResponseBase], cacheable: bool = False) -> Any:
        """Every page of the administration, with a look at the numbers in its address and form: 404, or 400."""

        @wraps(view)
        def careful(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            # The addresses of histories give them without a name.
            if not all(map(is_number, [*args, *(kwargs[name] for name in NUMBERED if name in kwargs)])):
                raise Http404
            if not all(map(is_number, request.POST.getlist("_selected_action"))):
                raise BadRequest
            try:
                return view(request, *args, **kwargs)
            except OverflowError as error:
                # A number in the form that SQLite cannot even be asked for.
                raise BadRequest from error

        return super().admin_view(careful, cacheable)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if self.has_permission(request):
            return redirect("admin:index")
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def logout(  # type: ignore[override] # The stubs know of no answer but the page that Django draws.
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_logout")

    def password_change(  # type: ignore[override] # As above.
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")
