"""The summary of an example is printed and kept as others are, and has no cycle."""

import django.db.models.deletion
from django.db import migrations, models

PURPOSES = [("summary", "Summary"), ("sign-off", "Sign-off"), ("example", "Example")]


class Migration(migrations.Migration):
    dependencies = [("worksheets", "0012_together")]

    operations = [
        migrations.AlterField(
            "printing",
            "cycle",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="printings",
                to="worksheets.cycle",
            ),
        ),
        migrations.AlterField(
            "printing", "purpose", models.CharField(choices=PURPOSES, default="summary", max_length=20)
        ),
        migrations.AddField("printing", "example", models.CharField(blank=True, default="", max_length=40), False),
        migrations.AlterField(
            "summary",
            "cycle",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="summaries",
                to="worksheets.cycle",
            ),
        ),
        migrations.AddConstraint(
            "printing",
            models.UniqueConstraint(
                condition=models.Q(state__in=("waiting", "printing"), cycle=None),
                fields=("example", "form"),
                name="one_example_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            "summary",
            models.UniqueConstraint(condition=models.Q(cycle=None), fields=("digest",), name="one_example_of_a_digest"),
        ),
    ]
