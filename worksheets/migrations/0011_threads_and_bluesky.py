"""The platform guide as it ships together with Threads and Bluesky: first what lasts, and what was so in some year among
the figures.

A platform takes the texts that ship now if its own are those that shipped with version 2.0.0, and the figures if its
figures are too. What an administrator wrote, added or took out stays. After every migration, platforms that are missing
are added (`worksheets/apps.py`): the two new ones with them.
"""

import hashlib

from django.db import migrations
from django.utils import timezone

# What shipped with version 2.0.0: a digest of the texts of each platform, and one of its figures.
BEFORE = {
    "facebook": ("dda4969a383e7314", "b783b23764bbb423"),
    "x": ("60e348386e38997b", "965f6347ed7e7789"),
    "linkedin": ("63b0782b8962aaf6", "49f9e01d2c17ecbc"),
    "youtube": ("b5fa84bff94e47e6", "a7ecb0b2464ca502"),
    "instagram": ("ca332a2583227e9a", "9c677a5ab318e1ff"),
    "snapchat": ("77bc52ee1db56c0d", "a4ff454e47ba166e"),
    "whatsapp": ("3763666510afb947", "db700e31c4fb4e40"),
    "messenger": ("8836da290a518a77", "24904f872c1d8670"),
    "tiktok": ("4d78e338860aa7c3", "e3b0c44298fc1c14"),
    "blogs": ("fc3c2d53e8961591", "e3b0c44298fc1c14"),
    "forums": ("ca41be33b2370d10", "e3b0c44298fc1c14"),
}


def digest(*parts):
    return hashlib.sha256("\x00".join(map(str, parts)).encode()).hexdigest()[:16]


def texts_of(row):
    return digest(row.about, row.good_for, row.consider, row.tone)


def figures_of(figures):
    return digest(*sorted(f"{figure.text} {figure.year} {figure.source}" for figure in figures))


def to_what_ships(apps, schema_editor):
    from worksheets.texts import shipped_platforms

    database = schema_editor.connection.alias
    platforms, figures, history = (
        apps.get_model("worksheets", name).objects.using(database)
        for name in ("Platform", "PlatformFigure", "HistoricalPlatform")
    )
    shipped = {entry["key"]: entry for entry in shipped_platforms()}
    for row in platforms.filter(key__in=BEFORE.keys() & shipped.keys()):
        if texts_of(row) != BEFORE[row.key][0]:
            continue
        now = shipped[row.key]
        row.about, row.tone, row.updated_at = now["about"], now["tone"], timezone.now()
        row.good_for, row.consider = "\n".join(now["good_for"]), "\n".join(now["consider"])
        row.save(using=database)
        history.create(
            **{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields},
            history_date=timezone.now(),
            history_type="~",
            history_change_reason="As it ships",
        )
        there = figures.filter(platform=row)
        if figures_of(there) == BEFORE[row.key][1]:
            there.delete()
            figures.bulk_create(figures.model(platform=row, **shown) for shown in now["figures"])


class Migration(migrations.Migration):
    dependencies = [("worksheets", "0010_forms_of_files")]

    operations = [migrations.RunPython(to_what_ships, migrations.RunPython.noop)]
