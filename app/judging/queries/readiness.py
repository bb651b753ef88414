"""Which drafts could be signed now, and what is missing in the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.calls.models import Call, EntryGroup, Stage, StageRuleVersion
from app.dynforms.schema import Text
from app.entries.models import Entry
from app.judging.models import Assignment, ScoreSheet, SheetSave
from app.judging.rules import Item, check_complete, items_of


@dataclass(frozen=True)
class Missing:
    """What a sheet lacks: the line it is about and why, in words."""

    name: Text
    message: str


def ready_sheets(session: Session, assignment_ids: Sequence[int]) -> dict[int, tuple[Missing, ...]]:
    """Faults by assignment; an empty tuple means that the sheet may be signed. Two statements, whatever the number."""
    if not assignment_ids:
        return {}
    query = (
        select(ScoreSheet.assignment_id, SheetSave.content, EntryGroup.code, Stage.rule_version_id)
        .join(Assignment, Assignment.id == ScoreSheet.assignment_id)
        .join(SheetSave, and_(SheetSave.sheet_id == ScoreSheet.id, SheetSave.revision == ScoreSheet.revision))
        .join(Stage, Stage.id == Assignment.stage_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Call, Call.id == Entry.call_id)
        .outerjoin(EntryGroup, EntryGroup.id == Call.group_id)
        .where(ScoreSheet.assignment_id.in_(assignment_ids))
    )
    rows = session.execute(query).all()
    wanted = {row[3] for row in rows if row[3] is not None}
    versions = {v.id: v.rules for v in session.scalars(select(StageRuleVersion).where(StageRuleVersion.id.in_(wanted)))}
    items = {(version, group): items_of(versions[version].rubric_for(group)) for _, _, group, version in rows if version in versions}
    return {
        assignment_id: _missing(items[version, group], content)
        for assignment_id, content, group, version in rows
        if (version, group) in items
    }


def _missing(items: tuple[Item, ...], content: dict[str, Any]) -> tuple[Missing, ...]:
    names = {item.key: item.name for item in items}
    faults = check_complete(items, _decimals(content.get("marks", {})), content.get("remarks", {}))
    return tuple(Missing(names[fault.key], fault.message) for fault in faults)


def _decimals(marks: dict[str, str]) -> dict[str, Decimal]:
    return {key: Decimal(value) for key, value in marks.items()}
