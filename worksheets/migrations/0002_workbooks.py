"""Every cycle says of which workbook it is a run, at which ending it ended, and counts the writes to it."""

from django.db import migrations, models


def name_the_ending(apps, schema_editor):
    """The only ending there was is the conclusion not to use social media."""
    cycles = apps.get_model("worksheets", "Cycle").objects.using(schema_editor.connection.alias)
    cycles.exclude(ending_because="").update(ending="not-using")


class Migration(migrations.Migration):
    dependencies = [("worksheets", "0001_initial")]

    operations = [
        migrations.AddField("cycle", "workbook", models.CharField(default="strategy", editable=False, max_length=40)),
        migrations.AddField("cycle", "stamp", models.PositiveBigIntegerField(default=1, editable=False)),
        migrations.AddField("cycle", "ending", models.CharField(blank=True, editable=False, max_length=40)),
        migrations.RenameField("cycle", "not_using_because", "ending_because"),
        migrations.RunPython(name_the_ending, migrations.RunPython.noop),
        migrations.RemoveIndex("cycle", "cycles_newest_first"),
        migrations.AddIndex(
            "cycle", models.Index(fields=["organisation", "workbook", "-starts"], name="cycles_newest_first")
        ),
    ]
