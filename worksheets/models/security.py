"""What keeps accounts safe: the audit trail, and the counts by which tries to sign in are slowed down."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from worksheets.models.people import Organisation, User


class AuditTrail(models.QuerySet["AuditEvent"]):
    """The lines of the trail, which are read and added to, and neither changed nor removed."""

    def update(self, **values: Any) -> int:
        raise TypeError("The audit trail is only added to.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("The audit trail is only added to.")


class AuditEvent(models.Model):
    """Something that was done to an account or a membership: when, by whom, to whom, from where. Holds no answers."""

    class Kind(models.TextChoices):
        SIGNED_IN = "signed-in", "Signed in"
        FAILED = "failed", "Gave a wrong password"
        LINK_ASKED = "link-asked", "Asked for a link to set a password"
        PASSWORD_CHANGED = "password-changed", "Changed their password"
        PASSWORD_SET = "password-set", "Had their password set by somebody else"
        ACCOUNT_MADE = "account-made", "Account made"
        ADDRESS_ASKED = "address-asked", "New email address given, not confirmed yet"
        ADDRESS_CHANGED = "address-changed", "New email address confirmed"
        SWITCHED_OFF = "switched-off", "Account switched off"
        SWITCHED_ON = "switched-on", "Account switched on"
        POWERS = "powers", "Rights in the administration changed"
        ADDED = "added", "Added to an organisation"
        ROLE = "role", "Role changed"
        REMOVED = "removed", "Removed from an organisation"
        EXPORTED = "exported", "Answers downloaded as a file"
        UPLOADED = "uploaded", "Figures uploaded"
        SHARED = "shared", "Chose what a group is shown"

    at = models.DateTimeField("when", default=timezone.now)
    kind = models.CharField("what", max_length=20, choices=Kind.choices)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="by")
    about = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="about")
    # An organisation without a review can be deleted. Its name stays in `detail`.
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    source = models.GenericIPAddressField("from", null=True)
    detail = models.CharField(max_length=600, blank=True)

    objects = AuditTrail.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = "line of the audit trail"
        verbose_name_plural = "lines of the audit trail"
        indexes = [models.Index(fields=["by", "kind", "-at"], name="audit_by_person")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {timezone.localtime(self.at):%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("The audit trail is only added to.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("The audit trail is only added to.")


class Tries(models.Model):
    """How often something was tried lately, and when it may be tried again. `key` is a digest: it names nobody."""

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    last = models.DateTimeField(default=timezone.now, db_index=True)
    wait_until = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "tries"

    def __str__(self) -> str:
        return f"{self.count} until {self.last:%Y-%m-%d %H:%M}"
