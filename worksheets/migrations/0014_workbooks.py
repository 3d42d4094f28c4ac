"""Runs that are their owner's alone, what platforms are known for, and documents beside a summary."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What the platforms that ship are known for, where no administrator has said so yet.
TAGS = {
    "facebook": ["public", "debate", "multimedia", "feedback"],
    "x": ["news", "journalists", "opinion", "debate", "traffic"],
    "threads": ["news", "debate", "public"],
    "bluesky": ["news", "journalists", "opinion", "debate"],
    "linkedin": ["networking", "practice", "feedback", "recruitment"],
    "youtube": ["events", "multimedia", "public"],
    "instagram": ["multimedia", "public", "recruitment"],
    "snapchat": ["multimedia", "private", "recruitment"],
    "whatsapp": ["private", "practice", "feedback"],
    "messenger": ["private", "feedback"],
    "tiktok": ["multimedia", "public"],
    "blogs": ["opinion", "traffic", "practice"],
    "forums": ["feedback", "practice", "debate"],
}


def tag_platforms(apps: Any, editor: Any) -> None:
    platforms = apps.get_model("worksheets", "Platform").objects.using(editor.connection.alias)
    for key, tags in TAGS.items():
        platforms.filter(key=key, tags=[]).update(tags=tags)


class Migration(migrations.Migration):
    dependencies = [("worksheets", "0013_example")]

    operations = [
        migrations.AddField(
            "cycle",
            "owner",
            models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="own_cycles",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField("cycle", "shared_at", models.DateTimeField(blank=True, editable=False, null=True)),
        migrations.AddField(
            "platform", "tags", models.JSONField(blank=True, default=list, verbose_name="what it is known for")
        ),
        migrations.AddField(
            "historicalplatform",
            "tags",
            models.JSONField(blank=True, default=list, verbose_name="what it is known for"),
        ),
        migrations.AddField("printing", "document", models.CharField(blank=True, default="", max_length=40), False),
        migrations.RemoveConstraint("printing", "one_printing_at_a_time"),
        migrations.AddConstraint(
            "printing",
            models.UniqueConstraint(
                condition=models.Q(state__in=("waiting", "printing"), beside=None),
                fields=("cycle", "purpose", "form", "document"),
                name="one_printing_at_a_time",
            ),
        ),
        migrations.RunPython(tag_platforms, migrations.RunPython.noop, elidable=True),
    ]
