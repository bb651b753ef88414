"""A judge steps aside from one entry; it disappears from the desk at once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.audit.operations import record
from app.calls.enums import SETTLED
from app.calls.operations.freezing import check_not_frozen
from app.core.authz import Actor
from app.core.errors import NotFound
from app.judging.enums import AssignmentState, ConflictSource, RecusalReason, SheetState
from app.judging.events import JudgeRecused
from app.judging.models import Assignment, Conflict
from app.judging.queries.work import work_of

from .refusals import AlreadySigned, NotAssigned, StageSealed

#: Reasons that are no conflict of interest: the judge may be given other entries of the same team.
HARMLESS = frozenset({RecusalReason.EXPERTISE})


def recuse(session: Session, *, assignment: Assignment, reason: RecusalReason, words: str, actor: Actor, now: datetime) -> Assignment:
    """Give the entry back. A draft stays stored, out of sight and out of every result. Records JudgeRecused.

    Refused once the sheet is signed or the stage sealed.
    """
    work = work_of(session, assignment.id)
    if work is None:
        raise NotFound
    check_not_frozen(work.edition)
    if work.stage.state in SETTLED:
        raise StageSealed
    if work.assignment.state != AssignmentState.ACTIVE:
        raise NotAssigned
    if work.sheet is not None and work.sheet.state == SheetState.SIGNED:
        raise AlreadySigned
    stop(work.assignment, f"{reason.value}: {words}".rstrip(": "), now)
    if reason not in HARMLESS:
        session.add(Conflict(
            seat_id=work.seat.id, entry_id=work.assignment.entry_id, source=ConflictSource.DECLARED, reason=words[:400] or reason.value,
            found_at=now,
        ))  # fmt: skip
    record(session, JudgeRecused(work.assignment.id, work.edition.id, work.assignment.entry_id, reason.value), actor=actor, now=now)
    return work.assignment


def stop(assignment: Assignment, reason: str, now: datetime) -> None:
    """Mark the assignment as recused."""
    assignment.state = AssignmentState.RECUSED
    assignment.recused_at = now
    assignment.recuse_reason = reason
