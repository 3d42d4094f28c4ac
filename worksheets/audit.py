"""The audit trail: who did what to an account or a membership, when and from where. It holds no answers."""

from __future__ import annotations

import datetime
import ipaddress

from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from worksheets.models import AuditEvent, Organisation, User

Kind = AuditEvent.Kind
# The half of an IPv6 address that tells one household or office from another: the rest is theirs to vary.
NETWORK = 64


def source_of(request: HttpRequest) -> str:
    """The network address a request comes from, as far as the proxies named in TRUSTED_PROXIES tell; "" for none."""
    try:
        told = get_adapter(request).get_client_ip(request)
    except PermissionDenied:
        return ""
    except ImproperlyConfigured:
        # Whoever came past a proxy, as far as we know that there is one: what they say of themselves is not asked.
        told = request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(told)
    except ValueError:
        return ""
    # Where a server listens on IPv6 alone, addresses of IPv4 come in its clothes.
    address = getattr(address, "ipv4_mapped", None) or address
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, NETWORK), strict=False).network_address)


def record(
    kind: Kind,
    request: HttpRequest,
    about: User | None,
    organisation: Organisation | None = None,
    detail: str = "",
    *,
    by: User | None = None,
) -> None:
    """Add a line to the trail, in the transaction of what it tells of. `by` is whoever is signed in, if not given.

    `detail` says what changed, in a few words. What somebody typed and nobody checked has no place in it.
    """
    user = by or getattr(request, "user", None)
    AuditEvent.objects.create(
        kind=kind,
        by=user if isinstance(user, User) else None,
        about=about,
        organisation=organisation,
        source=source_of(request) or None,
        detail=detail[:600],
    )


def lately(user: User, within: datetime.timedelta, *kinds: Kind) -> int:
    """How often that person did any of that lately. One query."""
    return AuditEvent.objects.filter(by=user, kind__in=kinds, at__gte=timezone.now() - within).count()
