"""The forms with which people sign in and choose a password: django-allauth's, asking and refusing in our words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from django import forms

from worksheets.forms import CleaningForm

ENTER = {
    "login": "Enter your email address",
    "email": "Enter your email address",
    "password": "Enter your password",
    "oldpassword": "Enter your current password",
    "password1": "Enter a new password",
    "password2": "Enter the new password again",
}
# Of a password alone: everything else is cleaned.
HIDDEN = "Type this again. It holds a hidden control character"


def reword(form: forms.Form) -> None:
    """Give the fields of an allauth form errors that say what to do."""
    for name, field in form.fields.items():
        field.error_messages["required"] = ENTER[name]
        if isinstance(field, forms.EmailField):
            field.error_messages["invalid"] = "Enter an email address in the correct format, like name@example.com"
        field.error_messages["null_characters_not_allowed"] = HIDDEN
    form.use_required_attribute = False


class SamePassword(forms.Form):
    """What forms with a new password have in common: the words when the second is not the first."""

    def clean(self) -> dict[str, Any]:
        cleaned = forms.Form.clean(self) or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", "Enter the same password in both boxes")
        return cleaned


class LoginForm(CleaningForm, allauth.LoginForm):
    """Sign in with an e-mail address, however it was copied, and a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self)


class ReauthenticateForm(allauth.ReauthenticateForm):
    """Give the password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self)


class ResetPasswordForm(CleaningForm, allauth.ResetPasswordForm):
    """Ask for a link to set a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self)


class ChangePasswordForm(SamePassword, allauth.ChangePasswordForm):
    """Change the password that one knows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self)


class SetPasswordForm(SamePassword, allauth.SetPasswordForm):
    """Set a first password while signed in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self)


class ResetPasswordKeyForm(SamePassword, allauth.ResetPasswordKeyForm):
    """Set a password from the link in a mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self)
