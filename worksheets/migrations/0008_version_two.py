"""Reviews of version 1 of the method become reviews of version 2: what they hold stays, and so does who saved what when.

The whole of it is one transaction: killed midway it has not happened, and runs again.
"""

from django.db import migrations
from django.db.models import F

from worksheets.workbooks.strategy.version_one import PLATFORMS, PRESENCE, STAGE, is_old, moved, worksheet

# How many worksheets are read at once, each with its whole history.
MANY = 100


def to_version_two(apps, schema_editor):
    database = schema_editor.connection.alias
    worksheets = apps.get_model("worksheets", "Worksheet").objects.using(database)
    cycles = apps.get_model("worksheets", "Cycle").objects.using(database)
    lines = apps.get_model("worksheets", "Revision").objects.using(database)
    asked = worksheets.filter(stage=STAGE, cycle__workbook="strategy").order_by("pk")
    last = 0
    while batch := list(asked.filter(pk__gt=last)[:MANY]):
        last = batch[-1].pk
        told = {}
        for line in lines.filter(worksheet__in=batch).order_by("worksheet_id", "version"):
            told.setdefault(line.worksheet_id, []).append(line)
        changed = []
        for sheet in batch:
            if is_old(sheet.answers.get(PRESENCE)):
                if PRESENCE in sheet.carried and PLATFORMS in sheet.answers[PRESENCE]:
                    sheet.carried = [*sheet.carried, PLATFORMS]
                sheet.answers = worksheet(sheet.answers)
                # The draft that an answer is goes with it: here it is another answer.
                sheet.drafts = {key: draft for key, draft in sheet.drafts.items() if key != PRESENCE}
                changed.append(sheet)
            if any(line.question == PRESENCE and is_old(line.answer) for line in told.get(sheet.pk, ())):
                sheet.version += retell(lines, told[sheet.pk])
                sheet.drafts = {}
                changed.append(sheet)
        worksheets.bulk_update(
            {sheet.pk: sheet for sheet in changed}.values(), ["answers", "carried", "drafts", "version"]
        )
        cycles.filter(worksheets__in=changed).update(stamp=F("stamp") + 1)


def retell(lines, told):
    """Tell the history of a worksheet in version 2; how many lines it has more now.

    A save of `presence` that changed the platforms is followed by one of `platforms`, of the same person and moment.
    One that changed nothing else is that save of `platforms`. All lines are of version 1 here, whatever they look like.
    """
    more, changed, presence, platforms = [], [], None, None
    for line in told:
        before = (line.version, line.question, line.answer)
        line.version += len(more)
        if line.question == PRESENCE:
            here, there = (None, None) if line.answer is None else moved(line.answer)
            line.answer = here or None
            if there != platforms and line.answer == presence:
                line.question, line.answer = PLATFORMS, there
            elif there != platforms:
                more.append(copy_of(line, there))
            presence, platforms = here or None, there
        if before != (line.version, line.question, line.answer):
            changed.append(line)
    # From the last one on, so that no two lines ever have one version.
    for line in reversed(changed):
        lines.filter(pk=line.pk).update(version=line.version, question=line.question, answer=line.answer)
    lines.bulk_create(more)
    return len(more)


def copy_of(line, answer):
    return type(line)(
        worksheet_id=line.worksheet_id,
        question=PLATFORMS,
        answer=answer,
        version=line.version + 1,
        saved_at=line.saved_at,
        saved_by_id=line.saved_by_id,
        passed=line.passed,
    )


class Migration(migrations.Migration):
    dependencies = [("worksheets", "0007_language")]

    operations = [migrations.RunPython(to_version_two, migrations.RunPython.noop)]
