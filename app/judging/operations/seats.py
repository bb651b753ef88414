"""The places of a panel: who sits there, as what, with what load."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.core.authz import Actor
from app.core.uow import lock
from app.judging.enums import SeatAction, SeatCategory, SeatState
from app.judging.events import SeatAdded, SeatChanged, SeatRemoved
from app.judging.models import Panel, Seat, SeatTrack
from app.judging.queries.sheets import has_signed
from app.judging.queries.wishes import tracks_of
from app.judging.states import SEATS

from .conflicts import lock_assignments
from .invitations import end_seat
from .panels import edition_of
from .refusals import SeatInUse


def add_seat(
    session: Session, *, panel: Panel, name: str, email: str, actor: Actor, now: datetime, unit: str = "",
    category: SeatCategory = SeatCategory.TECHNICAL, is_chair: bool = False, load_limit: int | None = None,
    tracks: Collection[int] = (),
) -> Seat:  # fmt: skip
    """A place for one judge, at home in these tracks; the same address once removed gets its seat back. Records SeatAdded."""
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
    _set_tracks(session, seat, tracks)
    record(session, SeatAdded(seat.id, edition.id, panel.id, seat.category.value, is_chair), actor=actor, now=now)
    return seat


def add_seats(
    session: Session, *, panel: Panel, judges: Iterable[Mapping[str, Any]], actor: Actor, now: datetime,
) -> list[Seat]:  # fmt: skip
    """A place for each of these judges (name, email, unit, category), or for none of them. Records SeatAdded for each."""
    return [add_seat(session, panel=panel, **judge, actor=actor, now=now) for judge in judges]


def change_seat(
    session: Session, *, seat: Seat, name: str, unit: str, category: SeatCategory, is_chair: bool, load_limit: int | None,
    actor: Actor, now: datetime, tracks: Collection[int] = (),
) -> Seat:  # fmt: skip
    """Change what is written about a judge; the address stays, because the invitation went there. Records SeatChanged."""
    panel = session.get_one(Panel, seat.panel_id)
    lock(session, panel)
    edition = edition_of(session, panel)
    seat.name, seat.unit, seat.category, seat.is_chair, seat.load_limit = name, unit, category, is_chair, load_limit
    session.flush()  # a second chair is refused here
    _set_tracks(session, seat, tracks)
    record(session, SeatChanged(seat.id, edition.id, panel.id, category.value, is_chair), actor=actor, now=now)
    return seat


def _set_tracks(session: Session, seat: Seat, tracks: Collection[int]) -> None:
    """Exactly these tracks, of those that the panel judges; others are left out."""
    session.execute(delete(SeatTrack).where(SeatTrack.seat_id == seat.id))
    known = {track.id for track in tracks_of(session, session.get_one(Panel, seat.panel_id))}
    session.add_all(SeatTrack(seat_id=seat.id, track_id=track) for track in sorted(known & set(tracks)))


def remove_seat(session: Session, *, seat: Seat, reason: str, actor: Actor, now: datetime) -> Seat:
    """Take a judge off the panel; open assignments end, drafts stay stored. Refused once a sheet is signed. Records SeatRemoved."""
    panel = lock(session, session.get_one(Panel, seat.panel_id))
    edition = edition_of(session, panel)
    lock_assignments(session, panel)
    if has_signed(session, seat):
        raise SeatInUse
    seat.state = SEATS.target(seat.state, SeatAction.REMOVE)
    seat.is_chair = False
    end_seat(session, seat, edition, actor, now)
    record(session, SeatRemoved(seat.id, edition.id, panel.id, reason), actor=actor, now=now)
    return seat
