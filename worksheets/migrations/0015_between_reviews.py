"""What happens between reviews: actions, policies with their files, reminders, feeds of calendars, and groups."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("worksheets", "0014_workbooks"),
    ]

    operations = [
        migrations.CreateModel(
            name="Action",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=500)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("own", "Written here"),
                            ("point", "A point to resolve"),
                            ("check", "A quick check"),
                            ("lesson", "A lesson of the last review"),
                            ("comment", "A comment"),
                            ("clause", "A policy"),
                            ("account", "An account"),
                        ],
                        default="own",
                        max_length=20,
                    ),
                ),
                ("origin", models.CharField(blank=True, max_length=300)),
                ("place", models.CharField(blank=True, max_length=200)),
                ("owner_name", models.CharField(blank=True, max_length=100)),
                ("due", models.DateField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "To do"), ("done", "Done"), ("dropped", "Not done any more")],
                        default="open",
                        max_length=20,
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=2000)),
                ("done_at", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Feed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nonce", models.CharField(max_length=40, unique=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="Group",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("slug", models.SlugField(max_length=60, unique=True, verbose_name="short name for addresses")),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "group of organisations",
                "verbose_name_plural": "groups of organisations",
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="GroupMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "shows",
                    models.CharField(
                        choices=[
                            ("nothing", "Nothing"),
                            ("counts", "Counts without our name"),
                            ("named", "Counts with our name"),
                        ],
                        default="nothing",
                        max_length=20,
                    ),
                ),
                ("chosen_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "ordering": ("organisation__name",),
            },
        ),
        migrations.CreateModel(
            name="Policy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("document", models.CharField(max_length=40)),
                ("version", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("sent", "Sent for approval"),
                            ("issued", "Approved and issued"),
                            ("superseded", "Superseded"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=40)),
                ("owner_name", models.CharField(blank=True, max_length=100)),
                ("approver", models.CharField(blank=True, max_length=120)),
                ("approved_on", models.DateField(null=True)),
                ("next_review", models.DateField(null=True)),
                ("consulted", models.TextField(blank=True, max_length=2000)),
                ("equality_on", models.DateField(null=True)),
                ("equality_link", models.URLField(blank=True, max_length=500)),
                ("privacy_on", models.DateField(null=True)),
                ("privacy_link", models.URLField(blank=True, max_length=500)),
                ("readings", models.JSONField(blank=True, default=dict)),
                ("changes", models.TextField(blank=True, max_length=2000)),
                ("exercised_on", models.DateField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("issued_at", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("stamp", models.PositiveBigIntegerField(default=1)),
            ],
            options={
                "verbose_name_plural": "policies",
                "ordering": ("document", "-version"),
            },
        ),
        migrations.CreateModel(
            name="PolicyClause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60)),
                (
                    "choice",
                    models.CharField(
                        choices=[("kept", "Kept"), ("changed", "Changed"), ("left-out", "Left out")],
                        default="kept",
                        max_length=20,
                    ),
                ),
                ("base", models.TextField(blank=True, max_length=20000)),
                ("words", models.TextField(blank=True, max_length=20000)),
                ("because", models.TextField(blank=True, max_length=2000)),
                ("decided", models.BooleanField(default=False)),
                ("saved_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="PolicyFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("said", models.JSONField()),
                ("pdf", models.BinaryField()),
                ("word", models.BinaryField()),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="PolicyMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("started", "Started"),
                            ("sent", "Sent for approval"),
                            ("withdrawn", "Taken back"),
                            ("sent-back", "Sent back"),
                            ("issued", "Approved and issued"),
                            ("superseded", "Superseded"),
                        ],
                        max_length=20,
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=2000)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=40)),
                ("place", models.CharField(blank=True, max_length=300)),
                ("about", models.DateField(null=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("claim", models.CharField(blank=True, max_length=40)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.RemoveConstraint(
            model_name="printing",
            name="one_example_at_a_time",
        ),
        migrations.RemoveConstraint(
            model_name="summary",
            name="one_example_of_a_digest",
        ),
        migrations.AddField(
            model_name="printing",
            name="approved_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="printing",
            name="approver",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="printing",
            name="seen",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AlterField(
            model_name="auditevent",
            name="kind",
            field=models.CharField(
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
                    ("shared", "Chose what a group is shown"),
                ],
                max_length=20,
                verbose_name="what",
            ),
        ),
        migrations.AlterField(
            model_name="membership",
            name="mails",
            field=models.CharField(
                choices=[
                    ("each", "Comments at once, and what is due once a day"),
                    ("daily", "Once a day, all in one mail"),
                    ("weekly", "Once a week, all in one mail"),
                    ("none", "Never"),
                ],
                default="each",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="printing",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("summary", "Summary"),
                    ("sign-off", "Sign-off"),
                    ("example", "Example"),
                    ("policy", "Policy"),
                    ("issue", "Policy to be issued"),
                ],
                default="summary",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="cycle",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="actions", to="worksheets.cycle"
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="done_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="made_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="actions", to="worksheets.organisation"
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="owner",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="actions",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="feed",
            name="user",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="feed", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="groupmember",
            name="chosen_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="groupmember",
            name="group",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="places", to="worksheets.group"
            ),
        ),
        migrations.AddField(
            model_name="groupmember",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="places", to="worksheets.organisation"
            ),
        ),
        migrations.AddField(
            model_name="group",
            name="members",
            field=models.ManyToManyField(
                related_name="groups", through="worksheets.GroupMember", to="worksheets.organisation"
            ),
        ),
        migrations.AddField(
            model_name="policy",
            name="facts",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="worksheets.cycle"
            ),
        ),
        migrations.AddField(
            model_name="policy",
            name="issued_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="policy",
            name="made_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="policy",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="policies", to="worksheets.organisation"
            ),
        ),
        migrations.AddField(
            model_name="policy",
            name="owner",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="policy",
            name="sent_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="printing",
            name="policy",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="printings", to="worksheets.policy"
            ),
        ),
        migrations.AddField(
            model_name="summary",
            name="policy",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="summaries", to="worksheets.policy"
            ),
        ),
        migrations.AddConstraint(
            model_name="printing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cycle", None), ("policy", None), ("state__in", ("waiting", "printing"))),
                fields=("example", "form"),
                name="one_example_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="printing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("waiting", "printing"))),
                fields=("policy", "purpose", "form"),
                name="one_policy_printing_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="summary",
            constraint=models.UniqueConstraint(fields=("policy", "digest"), name="one_policy_of_a_digest"),
        ),
        migrations.AddConstraint(
            model_name="summary",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cycle", None), ("policy", None)),
                fields=("digest",),
                name="one_example_of_a_digest",
            ),
        ),
        migrations.AddField(
            model_name="policyclause",
            name="policy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="clauses", to="worksheets.policy"
            ),
        ),
        migrations.AddField(
            model_name="policyclause",
            name="saved_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="policyfile",
            name="policy",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="file", to="worksheets.policy"
            ),
        ),
        migrations.AddField(
            model_name="policymove",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="policymove",
            name="policy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="moves", to="worksheets.policy"
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="reminders", to="worksheets.organisation"
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="reminders", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(fields=["organisation", "state", "due"], name="actions_by_due"),
        ),
        migrations.AddConstraint(
            model_name="groupmember",
            constraint=models.UniqueConstraint(fields=("group", "organisation"), name="one_place_in_a_group"),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.UniqueConstraint(
                fields=("organisation", "document", "version"), name="one_policy_of_a_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("draft", "sent"))),
                fields=("organisation", "document"),
                name="one_policy_under_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "issued")), fields=("organisation", "document"), name="one_policy_in_force"
            ),
        ),
        migrations.AddConstraint(
            model_name="policyclause",
            constraint=models.UniqueConstraint(fields=("policy", "key"), name="one_clause_a_key"),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(fields=["sent_at", "person"], name="reminders_waiting"),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(fields=("person", "organisation", "what"), name="reminded_once"),
        ),
    ]
