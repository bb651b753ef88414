"""What a draw may respect beyond conflicts: fields, categories and units of judges, and the tracks of entries."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calls.models import Call, Track
from app.entries.models import Entry
from app.judging.models import Panel, PanelCall, Seat, SeatTrack

from .conflicts import loose


def tracks_of(session: Session, panel: Panel) -> list[Track]:
    """The tracks of the calls that the panel judges, in their order."""
    mine = select(Call.track_id).join(PanelCall, PanelCall.call_id == Call.id).where(PanelCall.panel_id == panel.id)
    return list(session.scalars(select(Track).where(Track.id.in_(mine)).order_by(Track.position, Track.id)))


def fields_of(session: Session, seats: Collection[int]) -> dict[int, frozenset[int]]:
    """The tracks in which each of these judges is at home; judges without any are left out."""
    found: dict[int, set[int]] = {}
    rows = session.execute(select(SeatTrack.seat_id, SeatTrack.track_id).where(SeatTrack.seat_id.in_(seats)))
    for seat_id, track_id in rows:
        found.setdefault(seat_id, set()).add(track_id)
    return {seat: frozenset(tracks) for seat, tracks in found.items()}


def tracks_by_entry(session: Session, entries: Collection[int]) -> dict[int, int]:
    """The track of each entry that has one."""
    rows = session.execute(select(Entry.id, Call.track_id).join(Call, Call.id == Entry.call_id).where(Entry.id.in_(entries)))
    return {entry: track for entry, track in rows if track is not None}


def traits_of(session: Session, seats: Collection[int]) -> tuple[Mapping[int, str], Mapping[int, str]]:
    """Category, and unit as it is compared (empty: unknown), of each judge."""
    rows = session.execute(select(Seat.id, Seat.category, Seat.unit).where(Seat.id.in_(seats)).order_by(Seat.id)).all()
    return {row.id: str(row.category.value) for row in rows}, {row.id: loose(row.unit) for row in rows}


def names_of(session: Session, entries: Collection[int], seats: Collection[int]) -> tuple[list[str], list[str]]:
    """Codes of entries and names of judges, for a sentence."""
    codes = session.scalars(select(Entry.public_code).where(Entry.id.in_(entries)).order_by(Entry.public_code))
    names = session.scalars(select(Seat.name).where(Seat.id.in_(seats)).order_by(Seat.id))
    return [code or "?" for code in codes], list(names)
