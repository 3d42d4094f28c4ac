from django.db import migrations, models

import worksheets.languages


class Migration(migrations.Migration):
    dependencies = [
        ("worksheets", "0006_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="cycle",
            name="language",
            field=models.CharField(
                choices=worksheets.languages.choices,
                default="en-GB",
                max_length=12,
                verbose_name="language of the answers",
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="language",
            field=models.CharField(
                choices=worksheets.languages.choices,
                default="en-GB",
                max_length=12,
                verbose_name="language of its reviews",
            ),
        ),
    ]
