"""How people sign in: nobody signs up, a lead or an administrator adds them."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedDoor(DefaultAccountAdapter):
    """django-allauth without sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
