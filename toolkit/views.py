"""Pages for machines."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from toolkit import readiness

PLAIN = "text/plain; charset=utf-8"


@login_not_required
@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """200 while this process answers at all: who restarts it asks here. It asks nothing and nobody."""
    return HttpResponse("OK", content_type=PLAIN)


@login_not_required
@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the service can read, write and print: who sends people to it asks here. Otherwise 503 and why."""
    reasons = readiness.reasons()
    return HttpResponse("\n".join(reasons) or "OK", status=503 if reasons else 200, content_type=PLAIN)
