"""The mails that tell somebody they were added to an organisation, with a link for those who have no password."""

from __future__ import annotations

import logging

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.mail import send_mail
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from worksheets.models import Organisation, User

log = logging.getLogger(__name__)


def link_to_set_password(request: HttpRequest, user: User) -> str:
    """A link with which `user` can set a password once, within a day (`PASSWORD_RESET_TIMEOUT`)."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return request.build_absolute_uri(reverse("account_reset_password_from_key", kwargs=key))


def tell_added(request: HttpRequest, user: User, organisation: Organisation) -> bool:
    """Mail `user` how to get in; False when the mail could not be sent, which is logged."""
    context = {
        "who": request.user,
        "user": user,
        "organisation": organisation,
        "link": "" if user.has_usable_password() else link_to_set_password(request, user),
        "site": request.build_absolute_uri(reverse("home")),
    }
    # A name with a line break in it must not become a header.
    subject = " ".join(f"You have been added to {organisation}".split())
    try:
        send_mail(subject, render_to_string("organisations/added.txt", context), None, [user.email])
    except OSError as error:
        # A traceback of the mail server's answer would hold the address.
        log.error("The mail to somebody who was added could not be sent: %s", type(error).__name__)
        return False
    return True
