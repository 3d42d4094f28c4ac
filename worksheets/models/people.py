"""People, organisations, and who belongs where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone

from worksheets.addresses import read_address
from worksheets.languages import OURS, choices


class UserManager(BaseUserManager["User"]):
    """Makes people, whose e-mail address is the name they sign in with."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        address = read_address(email).email
        if not address:
            raise ValueError("A person needs an e-mail address.")
        user = self.model(email=address, **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=read_address(username or "").email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address, kept in lower case."""

    email = models.EmailField("email address", unique=True)
    name = models.CharField("full name", max_length=100, blank=True)
    is_staff = models.BooleanField("may use the administration pages", default=False)
    is_active = models.BooleanField("may sign in", default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    # An address that somebody gave for this person. It counts once they open the link that was mailed to it.
    new_email = models.EmailField("new email address", blank=True, default="", editable=False)
    # How often all sessions of this person were ended. Sessions carry it, so that an old one is none any more.
    ended = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ("email",)

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        super().clean()
        self.email = read_address(self.email).email

    def get_session_auth_hash(self) -> str:
        """What a session must hold to count. It moves with the password, and when all sessions are ended."""
        return self._with_ended(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same for each earlier secret key."""
        return map(self._with_ended, super().get_session_auth_fallback_hash())

    def _with_ended(self, word: str) -> str:
        return f"{word}-{self.ended}" if self.ended else word

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class Organisation(models.Model):
    """An NHS organisation. Nothing of one is ever seen by another."""

    name = models.CharField(max_length=120)
    slug = models.SlugField("short name for addresses", max_length=60, unique=True)
    # What its first review begins with; each review says its own, and the next one goes on in it.
    language = models.CharField("language of its reviews", max_length=12, choices=choices, default=OURS)
    members = models.ManyToManyField(User, through="Membership", related_name="organisations")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member does: leads run the review, contributors fill it in, managers read it."""

    LEAD = "lead", "Lead"
    CONTRIBUTOR = "contributor", "Contributor"
    MANAGER = "manager", "Manager"


class Mails(models.TextChoices):
    """How often somebody is told by mail of comments that concern them, and of what is due."""

    EACH = "each", "Comments at once, and what is due once a day"
    DAILY = "daily", "Once a day, all in one mail"
    WEEKLY = "weekly", "Once a week, all in one mail"
    NONE = "none", "Never"


class Membership(models.Model):
    """A person's place in an organisation, and how often its comments are mailed to them."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.CONTRIBUTOR)
    mails = models.CharField(max_length=10, choices=Mails.choices, default=Mails.EACH)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("organisation__name", "user__email")
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="one_membership_each")]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display().lower()} at {self.organisation}"

    @property
    def arrived(self) -> bool:
        """Whether the person has signed in since they joined.

        Anybody's address can be added. Until they come, nothing is told of them that another organisation knows: not
        their name, nor whether they have a password.
        """
        return self.user.last_login is not None and self.user.last_login >= self.created_at

    @property
    def shown_name(self) -> str:
        """The person's name, once they have signed in since they joined; until then nothing."""
        return self.user.name if self.arrived else ""

    @property
    def called(self) -> str:
        """What the person is called in this organisation: by that name, or else by their address."""
        return self.shown_name or self.user.email
