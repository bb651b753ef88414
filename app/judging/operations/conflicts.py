"""Conflicts of interest: found from what is known, set by the organizer, lifted with a reason; open assignments end at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import or_, select
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
    stopped = sum(_stop_pair(session, panel, row, now) for row in fresh)
    if fresh or gone:
        record(session, ConflictsFound(panel.id, edition.id, len(fresh), len(gone), stopped), actor=actor, now=now)
    return fresh


def lock_assignments(session: Session, panel: Panel, judge_id: int | None = None) -> None:
    """Hold all assignments of a panel before the first fact is recorded: a save holds its assignment, then waits for the journal.

    With ``judge_id`` also what this person has in the other panels of the stage.
    """
    theirs = (Assignment.judge_id == judge_id) & (Assignment.stage_id == panel.stage_id)
    wanted = Assignment.panel_id == panel.id if judge_id is None else or_(Assignment.panel_id == panel.id, theirs)
    session.execute(select(Assignment.id).where(wanted).order_by(Assignment.id).with_for_update())


def declare_conflicts(session: Session, *, seat: Seat, panel: Panel, declared: Mapping[int, str], now: datetime) -> None:
    """What a judge declared on taking the seat; where the person has the entry in another panel, that ends."""
    for entry_id, reason in sorted(declared.items()):
        _add(session, panel, seat, entry_id, ConflictSource.DECLARED, reason, now)


def set_conflict(
    session: Session, *, seat: Seat, entry_id: int, reason: str, actor: Actor, now: datetime,
    source: ConflictSource = ConflictSource.ORGANIZER,
) -> Conflict:  # fmt: skip
    """Keep a judge away from an entry of the panel. Records ConflictSet; doing it twice changes nothing."""
    panel = lock(session, session.get_one(Panel, seat.panel_id))
    edition = edition_of(session, panel)
    lock_assignments(session, panel, seat.user_id)
    same = select(Conflict).where(Conflict.seat_id == seat.id, Conflict.entry_id == entry_id, Conflict.source == source)
    conflict = session.scalar(same)
    if conflict is not None:
        return conflict
    conflict = _add(session, panel, seat, entry_id, source, reason, now)
    record(session, ConflictSet(seat.id, edition.id, entry_id, source.value), actor=actor, now=now)
    return conflict


def lift_conflict(session: Session, *, conflict: Conflict, reason: str, actor: Actor, now: datetime) -> None:
    """Take back a conflict. An automatic one comes back while its cause stands. Records ConflictLifted."""
    seat = session.get_one(Seat, conflict.seat_id)
    panel = lock(session, session.get_one(Panel, seat.panel_id))
    edition = edition_of(session, panel)
    session.delete(conflict)
    record(session, ConflictLifted(seat.id, edition.id, conflict.entry_id, reason), actor=actor, now=now)


def _add(session: Session, panel: Panel, seat: Seat, entry_id: int, source: ConflictSource, reason: str, now: datetime) -> Conflict:
    conflict = Conflict(seat_id=seat.id, entry_id=entry_id, source=source, reason=reason[:400], found_at=now)
    session.add(conflict)
    _stop_pair(session, panel, conflict, now)
    return conflict


def _stop_pair(session: Session, panel: Panel, conflict: Conflict, now: datetime) -> int:
    """End the open assignment of person and entry in the stage, whichever the panel.

    A signed sheet stays and shows on the panel page for a decision by people.
    """
    person = select(Seat.user_id).where(Seat.id == conflict.seat_id).scalar_subquery()
    query = (
        select(Assignment, ScoreSheet.state)
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(or_(Assignment.seat_id == conflict.seat_id, Assignment.judge_id == person), Assignment.entry_id == conflict.entry_id)
        .where(Assignment.stage_id == panel.stage_id, Assignment.state == AssignmentState.ACTIVE)
        .with_for_update(of=Assignment)
    )
    row = session.execute(query).first()
    if row is None or row[1] == SheetState.SIGNED:
        return 0
    stop(row[0], f"conflict: {conflict.source.value}", now)
    return 1
