"""How people sign in: nobody signs up, a lead or an administrator adds them."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from worksheets import audit, tries
from worksheets.models import User
from worksheets.organisations.signing import tell_changed


class ClosedDoor(DefaultAccountAdapter):
    """django-allauth without sign-up, in our words, with our counting of tries in place of its own."""

    error_messages: dict[str, Any] = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "Check your email address and password. They do not match an account",
        "enter_current_password": "Check your current password. It is not the one you sign in with",
        "incorrect_password": "Check your password. It is not the one you sign in with",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Whoever has that address and password and may sign in. ValidationError when it is too soon to try again.

        An account that is switched off answers like a wrong password.
        """
        address, source = str(credentials.get("email", "")), audit.source_of(request)
        try:
            tries.begin(tries.PASSWORD, address, source)
        except tries.Wait as wait:
            raise ValidationError(wait.words) from wait
        user = super().authenticate(request, **credentials)
        if user is None or not user.is_active:
            # Only somebody who is known is named: what was typed into the box may be anything.
            known = User.objects.filter(email=address.strip().lower()).first()
            audit.record(audit.Kind.FAILED, request, known)
            return None
        tries.succeed(tries.PASSWORD, address, source)
        return user

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **more: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **more)
        assert isinstance(user, User)
        audit.record(audit.Kind.SIGNED_IN, request, user, by=user)
        return response

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Keep a password that somebody chose for themselves. All their other sessions end with the old one."""
        super().set_password(user, password)
        assert isinstance(user, User)
        audit.record(audit.Kind.PASSWORD_CHANGED, self.request, user, by=user)
        tries.succeed(tries.PASSWORD, user.email, audit.source_of(self.request))
        tell_changed(user)
