"""A judge opens an entry for the first time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.audit.operations import record
from app.calls.models import Stage
from app.core.authz import Actor
from app.core.uow import lock
from app.judging.events import EntryOpenedByJudge
from app.judging.models import Assignment, Seat


def open_entry(session: Session, *, assignment: Assignment, actor: Actor, now: datetime) -> Assignment:
    """Note the first look at an entry. Records EntryOpenedByJudge, once."""
    lock(session, assignment)
    if assignment.opened_at is not None:
        return assignment
    assignment.opened_at = now
    session.get_one(Seat, assignment.seat_id).last_active_at = now
    stage = session.get_one(Stage, assignment.stage_id)
    record(session, EntryOpenedByJudge(assignment.id, stage.edition_id, assignment.entry_id), actor=actor, now=now)
    return assignment
