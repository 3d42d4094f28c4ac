"""What keeps accounts safe: the audit trail, counts of tries, new addresses that wait, sessions that were ended."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("worksheets", "0002_workbooks"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True)),
                ("count", models.PositiveIntegerField(default=0)),
                ("last", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("wait_until", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name_plural": "tries",
            },
        ),
        migrations.AddField(
            model_name="user",
            name="ended",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="user",
            name="new_email",
            field=models.EmailField(
                blank=True, default="", editable=False, max_length=254, verbose_name="new email address"
            ),
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("signed-in", "Signed in"),
                            ("failed", "Gave a wrong password"),
                            ("link-asked", "Asked for a link to set a password"),
                            ("password-changed", "Changed their password"),
                            ("password-set", "Had their password set by somebody else"),
                            ("account-made", "Account made"),
                            ("address-asked", "New email address given, not confirmed yet"),
                            ("address-changed", "New email address confirmed"),
                            ("switched-off", "Account switched off"),
                            ("switched-on", "Account switched on"),
                            ("powers", "Rights in the administration changed"),
                            ("added", "Added to an organisation"),
                            ("role", "Role changed"),
                            ("removed", "Removed from an organisation"),
                            ("exported", "Answers downloaded as a file"),
                            ("uploaded", "Figures uploaded"),
                        ],
                        max_length=20,
                        verbose_name="what",
                    ),
                ),
                ("source", models.GenericIPAddressField(null=True, verbose_name="from")),
                ("detail", models.CharField(blank=True, max_length=600)),
                (
                    "about",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="about",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="worksheets.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of the audit trail",
                "verbose_name_plural": "lines of the audit trail",
                "ordering": ("-id",),
                "indexes": [models.Index(fields=["by", "kind", "-at"], name="audit_by_person")],
            },
        ),
    ]
