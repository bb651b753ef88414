"""Conflicts of interest: found from what is known, set by the organizer, lifted with a reason; open assignments end at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.core.authz import Actor
from app.core.uow import lock
from app.judging.enums import AssignmentState, ConflictSource, SheetState
from app.judging.events import ConflictLifted, ConflictSet, ConflictsFound
from app.judging.models import Assignment, Conflict, Panel, ScoreSheet, Seat
from app.judging.queries.conflicts import found_conflicts

from .panels import edition_of
from .recusing import stop

AUTOMATIC = frozenset({ConflictSource.SAME_ORGANIZATION, ConflictSource.TEAM_MEMBER})


def find_conflicts(
    session: Session, *, panel: Panel, actor: Actor, now: datetime, entry_ids: Iterable[int] | None = None
) -> list[Conflict]:
    """Bring the automatic conflicts of a panel up to date and end the assignments they hit. Records ConflictsFound if any changed."""
    lock(session, panel)
    edition = edition_of(session, panel)
    lock_assignments(session, panel)
    only = set(entry_ids) if entry_ids is not None else None
    wanted = {key: reason for key, reason in found_conflicts(session, panel).items() if only is None or key[1] in only}
    query = select(Conflict).join(Seat, Seat.id == Conflict.seat_id).where(Seat.panel_id == panel.id, Conflict.source.in_(AUTOMATIC))
    if only is not None:
        query = query.where(Conflict.entry_id.in_(only))
    stored = {(row.seat_id, row.entry_id, row.source): row for row in session.scalars(query)}
    fresh = [
        Conflict(seat_id=s, entry_id=e, source=source, reason=reason, found_at=now)
        for (s, e, source), reason in wanted.items() if (s, e, source) not in stored
    ]  # fmt: skip
    gone = [row for key, row in stored.items() if key not in wanted]
    session.add_all(fresh)
    for row in gone:
        session.delete(row)
    stopped = sum(_stop_pair(session, row, now) for row in fresh)
    if fresh or gone:
        record(session, ConflictsFound(panel.id, edition.id, len(fresh), len(gone), stopped), actor=actor, now=now)
    return fresh


def lock_assignments(session: Session, panel: Panel) -> None:
    """Hold all assignments of a panel before the first fact is recorded: a save holds its assignment, then waits for the journal."""
    session.execute(select(Assignment.id).where(Assignment.panel_id == panel.id).order_by(Assignment.id).with_for_update())


def set_conflict(
    session: Session, *, seat: Seat, entry_id: int, reason: str, actor: Actor, now: datetime,
    source: ConflictSource = ConflictSource.ORGANIZER,
) -> Conflict:  # fmt: skip
    """Keep a judge away from an entry of the panel. Records ConflictSet; doing it twice changes nothing."""
    panel = lock(session, session.get_one(Panel, seat.panel_id))
    edition = edition_of(session, panel)
    lock_assignments(session, panel)
    same = select(Conflict).where(Conflict.seat_id == seat.id, Conflict.entry_id == entry_id, Conflict.source == source)
    conflict = session.scalar(same)
    if conflict is not None:
        return conflict
    conflict = Conflict(seat_id=seat.id, entry_id=entry_id, source=source, reason=reason[:400], found_at=now)
    session.add(conflict)
    _stop_pair(session, conflict, now)
    record(session, ConflictSet(seat.id, edition.id, entry_id, source.value), actor=actor, now=now)
    return conflict


def lift_conflict(session: Session, *, conflict: Conflict, reason: str, actor: Actor, now: datetime) -> None:
    """Take back a conflict. An automatic one comes back while its cause stands. Records ConflictLifted."""
    seat = session.get_one(Seat, conflict.seat_id)
    panel = lock(session, session.get_one(Panel, seat.panel_id))
    edition = edition_of(session, panel)
    session.delete(conflict)
    record(session, ConflictLifted(seat.id, edition.id, conflict.entry_id, reason), actor=actor, now=now)


def _stop_pair(session: Session, conflict: Conflict, now: datetime) -> int:
    """End the open assignment of the pair; a signed sheet stays and shows on the panel page for a decision by people."""
    query = (
        select(Assignment, ScoreSheet.state)
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(Assignment.seat_id == conflict.seat_id, Assignment.entry_id == conflict.entry_id)
        .where(Assignment.state == AssignmentState.ACTIVE)
        .with_for_update(of=Assignment)
    )
    row = session.execute(query).first()
    if row is None or row[1] == SheetState.SIGNED:
        return 0
    stop(row[0], f"conflict: {conflict.source.value}", now)
    return 1
