"""The forms with which people sign in and choose a password: django-allauth's, asking and refusing in our words.

Wherever a password is asked for, tries are counted (`worksheets.tries`), and one place says so: `proven`.
"""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from allauth.core import context
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from worksheets import audit, tries
from worksheets.audit import source_of
from worksheets.forms import CleaningForm
from worksheets.models import AuditEvent, User
from worksheets.organisations.mail import link_to_set_password
from worksheets.post import Mail, later, link, send

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


def proven(request: HttpRequest, password: str) -> bool:
    """Whether that is the password of whoever is signed in. Each try counts; ValidationError when it is too soon."""
    user = request.user
    assert isinstance(user, User)
    try:
        tries.begin(tries.PASSWORD, user.email, source_of(request))
    except tries.Wait as wait:
        raise ValidationError(wait.words) from wait
    if not user.check_password(password):
        audit.record(audit.Kind.FAILED, request, user)
        return False
    tries.succeed(tries.PASSWORD, user.email, source_of(request))
    return True


def send_link(address: str, source: str) -> None:
    """Mail a link to set a password to whoever signs in with that address, if anybody does, and keep who was asked."""
    user = User.objects.filter(email=address.strip().lower(), is_active=True).first()
    if user:
        AuditEvent.objects.create(kind=audit.Kind.LINK_ASKED, about=user, source=source or None)
        words = {"link": link_to_set_password(user)}
        send([Mail(user.email, "Set your password for Strategy review", "account/reset.txt", words)])


def tell_changed(user: User) -> None:
    """Mail somebody that their password was changed, after the answer."""
    mail = Mail(
        user.email,
        "Your password for Strategy review was changed",
        "account/changed.txt",
        {"link": link("account_reset_password")},
    )
    later(lambda: send([mail]))


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
    """Ask for a link to set a new password.

    Nothing that depends on the address is done before the answer is sent, so that its time tells nothing.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self)

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"]
        try:
            tries.begin(tries.LINK, address, source_of(context.request))
        except tries.Wait as wait:
            raise ValidationError(wait.words) from wait
        return address

    def save(self, request: HttpRequest, **_more: Any) -> str:
        address: str = self.cleaned_data["email"]
        source = source_of(request)
        later(lambda: send_link(address, source))
        return address


class ChangePasswordForm(SamePassword, allauth.ChangePasswordForm):
    """Change the password that one knows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self)

    def clean_oldpassword(self) -> str:
        password: str = self.cleaned_data["oldpassword"]
        if not proven(context.request, password):
            raise ValidationError("Check your current password. It is not the one you sign in with")
        return password


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


class TokenForm(allauth.UserTokenForm):
    """Read a link to set a password. For an account that is switched off it does not work any more."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()  # type: ignore[no-untyped-call]
        if self.reset_user is not None and not self.reset_user.is_active:
            raise ValidationError("This link does not work any more")
        return cleaned
