"""What is typed saves itself: a place knows the draft that stands in it, and history knows what a draft was before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("worksheets", "0004_printing")]

    operations = [
        migrations.AddField("worksheet", "drafts", models.JSONField(blank=True, default=dict)),
        migrations.AddField("lookback", "draft", models.JSONField(blank=True, default=dict)),
        migrations.AddField("revision", "passed", models.BooleanField(default=False)),
    ]
