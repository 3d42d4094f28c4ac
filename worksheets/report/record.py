"""The record: every question of a review with every answer, compact, as parts of a summary that can be left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from worksheets.fields import spoken_date
from worksheets.presentation import Block, Chapter, Part, Record, Records, Row, Section, Standing, Table, Title, Words
from worksheets.words import inside, listed

AFTER = "Every question of the {noun} with every answer that was given."


def record(chapters: tuple[Chapter, ...], states: Mapping[str, Standing]) -> tuple[Part, ...]:
    """One part for each chapter: its answers, and in one line what was not answered."""
    return tuple(
        Part(f"chapter-{chapter.number}", f"{chapter.number}. {chapter.title}", blocks(chapter, states))
        for chapter in chapters
    )


def blocks(chapter: Chapter, states: Mapping[str, Standing]) -> tuple[Block, ...]:
    told: list[Block] = [Words(standing(chapter), "note")]
    missing: list[str] = []
    for section in chapter.sections:
        state = states.get(section.key, section.state)
        given = tuple(one for block in section.blocks if (one := answered(block)) is not None)
        if given:
            told += [Title(f"{section.number}. {section.title}", f"question-{section.number}"), *given]
        missing += left_out(section, given, state)
    if missing:
        told.append(Words(f"Not answered: {listed(missing)}.", "note"))
    return tuple(told)


def standing(chapter: Chapter) -> str:
    """Whether its worksheet is complete, by whom and since when."""
    if not chapter.complete:
        return "Worksheet not complete yet."
    who = f", by {chapter.completed_by}" if chapter.completed_by else ""
    when = f" on {spoken_date(chapter.completed_at[:10])}" if chapter.completed_at else ""
    return f"Worksheet complete{who}{when}."


def answered(block: Block) -> Block | None:
    """A block with what was answered in it; None when nothing was. What is computed stands in the summary."""
    if isinstance(block, Row):
        return block if block.paragraphs else None
    if isinstance(block, Records):
        records = tuple(of_record(one) for one in block.records if any(row.paragraphs for row in one.rows))
        return replace(block, records=records) if records else None
    if isinstance(block, Table):
        return block if block.rows else None
    return None


def of_record(record: Record) -> Record:
    return replace(record, rows=tuple(row for row in record.rows if row.paragraphs), computed=())


def left_out(section: Section, given: tuple[Block, ...], state: Standing) -> list[str]:
    """What was not answered: a whole question, or the needed parts of one."""
    name = f"question {section.number}, {inside(section.short)}"
    if not given:
        return [name] if state != "answered" else []
    parts = [
        inside(block.label if isinstance(block, Row) else block.title)
        for block in section.blocks
        if isinstance(block, Row | Records | Table) and block.needed and answered(block) is None
    ]
    rows = [
        f"{inside(row.label)} of {record.title if record.written else inside(record.title)}"
        for block in section.blocks
        if isinstance(block, Records)
        for record in block.records
        for row in record.rows
        if row.needed and not row.paragraphs
    ]
    return [f"{name} ({listed([*parts, *rows][:4])})"] if parts or rows else []
