"""A reason may hold for as many rows as a table has."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("worksheets", "0008_version_two")]

    operations = [migrations.AlterField("reason", "subjects", models.TextField(blank=True))]
