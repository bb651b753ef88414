"""Panels, the calls they judge, and their seats."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.calls.models import Call, Edition, Stage
from app.calls.operations.freezing import check_not_frozen
from app.core.authz import Actor
from app.core.errors import NotFound
from app.core.uow import lock
from app.judging.enums import AssignmentState, SeatAction, SeatCategory, SeatState, SheetState
from app.judging.events import PanelAdded, PanelChanged, PanelRemoved, SeatAdded, SeatChanged, SeatRemoved
from app.judging.models import Assignment, Panel, PanelCall, ScoreSheet, Seat
from app.judging.policies import SEALED
from app.judging.states import SEATS

from .refusals import PanelInUse, SeatInUse, StageSealed


def edition_of(session: Session, panel: Panel) -> Edition:
    """The panel's edition; refuses changes while it is frozen or the stage is sealed."""
    stage = session.get(Stage, panel.stage_id)
    edition = session.get(Edition, stage.edition_id) if stage is not None else None
    if stage is None or edition is None:
        raise NotFound
    check_not_frozen(edition)
    if stage.state in SEALED:
        raise StageSealed
    return edition


def add_panel(
    session: Session, *, stage: Stage, name: str, call_ids: Collection[int], actor: Actor, now: datetime, name_en: str = "",
    judges_per_entry: int = 0, brief: str = "",
) -> Panel:  # fmt: skip
    """A panel of a stage for some of its edition's calls (none: all of them). Records PanelAdded."""
    lock(session, stage)
    panel = Panel(stage_id=stage.id, name=name, name_en=name_en, judges_per_entry=judges_per_entry, brief=brief, created_at=now)
    session.add(panel)
    session.flush()  # its calls need the id
    edition = edition_of(session, panel)
    _set_calls(session, panel, edition, call_ids)
    record(session, PanelAdded(panel.id, edition.id, stage.id, name), actor=actor, now=now)
    return panel


def change_panel(
    session: Session, *, panel: Panel, name: str, call_ids: Collection[int], actor: Actor, now: datetime, name_en: str = "",
    judges_per_entry: int = 0, brief: str = "",
) -> Panel:  # fmt: skip
    """Change the panel's name, brief, calls and number of judges an entry. Records PanelChanged."""
    lock(session, panel)
    edition = edition_of(session, panel)
    panel.name, panel.name_en, panel.judges_per_entry, panel.brief = name, name_en, judges_per_entry, brief
    _set_calls(session, panel, edition, call_ids)
    record(session, PanelChanged(panel.id, edition.id, panel.stage_id, name), actor=actor, now=now)
    return panel


def remove_panel(session: Session, *, panel: Panel, actor: Actor, now: datetime) -> None:
    """Take away a panel that has no assignments. Records PanelRemoved."""
    lock(session, panel)
    edition = edition_of(session, panel)
    if session.scalar(select(exists().where(Assignment.panel_id == panel.id))):
        raise PanelInUse
    accepted = select(func.count(Seat.id)).where(Seat.panel_id == panel.id, Seat.state != SeatState.PLANNED)
    if session.scalar(accepted):
        raise PanelInUse
    record(session, PanelRemoved(panel.id, edition.id, panel.stage_id, panel.name), actor=actor, now=now)
    session.execute(delete(Seat).where(Seat.panel_id == panel.id))
    session.delete(panel)


def _set_calls(session: Session, panel: Panel, edition: Edition, call_ids: Collection[int]) -> None:
    own = set(session.scalars(select(Call.id).where(Call.edition_id == edition.id)))
    wanted = set(call_ids) or own
    if wanted - own:
        raise NotFound
    session.execute(delete(PanelCall).where(PanelCall.panel_id == panel.id))
    session.add_all(PanelCall(panel_id=panel.id, call_id=call_id) for call_id in sorted(wanted))


def add_seat(
    session: Session, *, panel: Panel, name: str, email: str, actor: Actor, now: datetime, unit: str = "",
    category: SeatCategory = SeatCategory.TECHNICAL, is_chair: bool = False, load_limit: int | None = None,
) -> Seat:  # fmt: skip
    """A place for one judge; the same address once removed gets its seat back. Records SeatAdded."""
    lock(session, panel)
    edition = edition_of(session, panel)
    email = email.strip().lower()
    seat = session.scalar(select(Seat).where(Seat.panel_id == panel.id, Seat.email == email, Seat.state == SeatState.REMOVED))
    if seat is None:
        seat = Seat(panel_id=panel.id, email=email, state=SeatState.PLANNED, name=name)
        session.add(seat)
    else:
        seat.state = SEATS.target(seat.state, SeatAction.RESTORE)
        seat.statement_at = seat.statement_digest = seat.invited_at = seat.answered_at = None
    seat.name, seat.unit, seat.category, seat.is_chair, seat.load_limit = name, unit, category, is_chair, load_limit
    session.flush()  # the event names it, and a second chair is refused here
    record(session, SeatAdded(seat.id, edition.id, panel.id, seat.category.value, is_chair), actor=actor, now=now)
    return seat


def change_seat(
    session: Session, *, seat: Seat, name: str, unit: str, category: SeatCategory, is_chair: bool, load_limit: int | None,
    actor: Actor, now: datetime,
) -> Seat:  # fmt: skip
    """Change what is written about a judge; the address stays, because the invitation went there. Records SeatChanged."""
    panel = session.get_one(Panel, seat.panel_id)
    lock(session, panel)
    edition = edition_of(session, panel)
    seat.name, seat.unit, seat.category, seat.is_chair, seat.load_limit = name, unit, category, is_chair, load_limit
    session.flush()  # a second chair is refused here
    record(session, SeatChanged(seat.id, edition.id, panel.id, category.value, is_chair), actor=actor, now=now)
    return seat


def remove_seat(session: Session, *, seat: Seat, reason: str, actor: Actor, now: datetime) -> Seat:
    """Take a judge off the panel; open assignments end, drafts stay stored. Refused once a sheet is signed. Records SeatRemoved."""
    panel = session.get_one(Panel, seat.panel_id)
    lock(session, panel)
    edition = edition_of(session, panel)
    mine = list(session.scalars(select(Assignment).where(Assignment.seat_id == seat.id).with_for_update()))
    if _has_signed(session, seat):
        raise SeatInUse
    seat.state = SEATS.target(seat.state, SeatAction.REMOVE)
    seat.is_chair = False
    for assignment in mine:
        if assignment.state == AssignmentState.ACTIVE:
            assignment.state = AssignmentState.REMOVED
    record(session, SeatRemoved(seat.id, edition.id, panel.id, reason), actor=actor, now=now)
    return seat


def _has_signed(session: Session, seat: Seat) -> bool:
    signed = select(ScoreSheet.id).join(Assignment, Assignment.id == ScoreSheet.assignment_id).where(
        Assignment.seat_id == seat.id, Assignment.state == AssignmentState.ACTIVE, ScoreSheet.state == SheetState.SIGNED
    )  # fmt: skip
    return session.scalar(signed.limit(1)) is not None
