"""How people sign in: nobody signs up, a lead or an administrator adds them."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

log = logging.getLogger(__name__)


class ClosedDoor(DefaultAccountAdapter):
    """django-allauth without sign-up, in our words."""

    error_messages: dict[str, Any] = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "Check your email address and password. They do not match an account",
        "enter_current_password": "Check your current password. It is not the one you sign in with",
        "incorrect_password": "Check your password. It is not the one you sign in with",
        "too_many_login_attempts": "You tried to sign in too often. Wait 5 minutes, then try again",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail. One that can't be sent is logged: the page must not tell known addresses from unknown ones."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:
            # A traceback of the mail server's answer would hold the address.
            log.error("A mail could not be sent (%s): %s", template_prefix, type(error).__name__)
