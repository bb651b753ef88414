"""How many judges and sheets a change of published rules concerns."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.calls.affected import counts_affected
from app.entries.models import Entry
from app.judging.enums import AssignmentState
from app.judging.models import Assignment, ScoreSheet


@counts_affected
def judging_affected(session: Session, call_ids: Sequence[int], stage_id: int | None) -> dict[str, int]:
    """Judges with assignments, and the sheets on which something has been saved; of one stage when it is named."""
    assigned = (
        select(func.count(Assignment.seat_id.distinct()), func.count(ScoreSheet.id))
        .select_from(Assignment)
        .join(Entry, Entry.id == Assignment.entry_id)
        .outerjoin(ScoreSheet, (ScoreSheet.assignment_id == Assignment.id) & (ScoreSheet.revision > 0))
        .where(Entry.call_id.in_(call_ids), Assignment.state == AssignmentState.ACTIVE)
    )
    if stage_id is not None:
        assigned = assigned.where(Assignment.stage_id == stage_id)
    judges, sheets = session.execute(assigned).one()
    return {"judges": judges, "sheets": sheets}
