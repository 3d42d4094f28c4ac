"""The page on which somebody confirms a new address: until then they sign in with the old one."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from worksheets import audit, pages
from worksheets.models import User
from worksheets.organisations.mail import CONFIRM_WITHIN, SALT, account_mails, leads_about, tell
from worksheets.saving import touch_all


def touch_person(user: User) -> None:
    """Move the stamp of all cycles whose summaries name that person, as they are called today."""
    touch_all(worksheets__revisions__saved_by=user)
    touch_all(worksheets__completed_by=user)
    touch_all(reasons__written_by=user)


def of_token(token: str) -> User | None:
    """Whose new address a link confirms; None when it works no more: too old, another address since, or taken."""
    try:
        pk, old, new = signing.loads(token, salt=SALT, max_age=CONFIRM_WITHIN)
    except (signing.BadSignature, ValueError):
        return None
    taken = User.objects.filter(email=new).exists()
    return None if taken else User.objects.filter(pk=pk, email=old, new_email=new, is_active=True).first()


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, then let a new address count. All sessions of the person end; they sign in with the new one from now on."""
    user = of_token(token)
    if user is None:
        return pages.render(request, "account/address.jinja", address="", done=False, status=404)
    new = user.new_email
    if request.method == "POST":
        try:
            done = change(request, user)
        except IntegrityError:
            # Somebody was given the address a moment ago.
            done = False
        if not done:
            return pages.render(request, "account/address.jinja", address="", done=False, status=404)
    return pages.render(request, "account/address.jinja", address=new, done=request.method == "POST")


def change(request: HttpRequest, user: User) -> bool:
    """Let the new address of `user` count, and tell it to both addresses and to the leads.

    False when it is not wanted any more; IntegrityError when somebody else has it.
    """
    old, new = user.email, user.new_email
    with transaction.atomic():
        rows = User.objects.filter(pk=user.pk, email=old, new_email=new, is_active=True)
        if not rows.update(email=new, new_email="", ended=F("ended") + 1):
            return False
        # The log-in library's own list of addresses would open the door to the old one.
        EmailAddress.objects.filter(user=user).delete()
        touch_person(user)
        audit.record(audit.Kind.ADDRESS_CHANGED, request, user, detail=f"{old} is now {new}", by=user)
    user.refresh_from_db()
    tell(account_mails(user, "gave a new email address, which was confirmed, for", leads=leads_about(user), also=[old]))
    return True
