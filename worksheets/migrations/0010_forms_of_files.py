"""A summary is made as a PDF or as a Word file, with the full record behind it or without."""

from django.db import migrations, models

FORMS = [
    ("pdf", "PDF"),
    ("pdf-alone", "PDF without the record"),
    ("word", "Word file"),
    ("word-alone", "Word file without the record"),
]
UNDER_WAY = ("waiting", "printing")


class Migration(migrations.Migration):
    dependencies = [("worksheets", "0009_reasons_of_many_rows")]

    operations = [
        migrations.RemoveConstraint("printing", "one_printing_at_a_time"),
        migrations.RemoveConstraint("printing", "one_comparison_at_a_time"),
        migrations.AddField("printing", "form", models.CharField(choices=FORMS, default="pdf", max_length=20)),
        migrations.AddConstraint(
            "printing",
            models.UniqueConstraint(
                condition=models.Q(state__in=UNDER_WAY, beside=None),
                fields=("cycle", "purpose", "form"),
                name="one_printing_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            "printing",
            models.UniqueConstraint(
                condition=models.Q(state__in=UNDER_WAY),
                fields=("cycle", "beside", "form"),
                name="one_comparison_at_a_time",
            ),
        ),
    ]
