"""What has to be settled before a person can be erased: others depend on it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.accounts.models import User
from app.accounts.queries import holders_of_platform_role
from app.calls.enums import StageState
from app.calls.models import Stage
from app.entries.enums import EntryState
from app.entries.models import Entry, StageEntry
from app.judging.enums import AssignmentState, SeatState, SheetState
from app.judging.models import Assignment, ScoreSheet, Seat

from .footprint import Footprint


def obstacles(session: Session, user: User, found: Footprint) -> list[object]:
    """Sentences that say what is in the way and who removes it; empty when nothing is."""
    named: list[object] = []
    if holders_of_platform_role(session, Role.SYSTEM_ADMIN) == [user.id]:
        named.append(_l("This is the last system administrator. Appoint another one first."))
    leading = select(Entry.code).where(Entry.id.in_(found.shared), Entry.leader_id == user.id).order_by(Entry.code)
    for code in session.scalars(leading):
        named.append(_l("Entry %(code)s has other members: the leadership must be handed over first.", code=code))
    for code in session.scalars(_running(found)):
        named.append(_l("Entry %(code)s is still in a competition: it must be withdrawn first, or the result awaited.", code=code))
    if session.scalar(_unsigned(found).limit(1)) is not None:
        named.append(_l("Score sheets of an open stage wait for this judge: sign or recuse first."))
    return named


def _running(found: Footprint) -> Select[str]:
    waits = Entry.state.in_((EntryState.SUBMITTED, EntryState.RETURNED))
    in_stage = (
        select(StageEntry.entry_id).join(Stage, Stage.id == StageEntry.stage_id)
        .where(StageEntry.entry_id.in_(found.alone), StageEntry.left_at.is_(None), Stage.state != StageState.RELEASED)
    )  # fmt: skip
    judged = and_(Entry.state == EntryState.ACCEPTED, Entry.id.in_(in_stage))
    return select(Entry.code).where(Entry.id.in_(found.alone), or_(waits, judged)).order_by(Entry.code)


def _unsigned(found: Footprint) -> Select[int]:
    signed = select(ScoreSheet.assignment_id).where(ScoreSheet.state == SheetState.SIGNED)
    return (
        select(Assignment.id).join(Seat, Seat.id == Assignment.seat_id).join(Stage, Stage.id == Assignment.stage_id)
        .where(Seat.id.in_(found.seats), Seat.state == SeatState.ACCEPTED, Assignment.state == AssignmentState.ACTIVE)
        .where(Stage.state == StageState.OPEN, Assignment.id.not_in(signed))
    )  # fmt: skip
