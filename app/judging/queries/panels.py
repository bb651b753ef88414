"""Panels for their organizers: seats, counts, conflicts, plans; never a mark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.calls.models import Call, Edition, Stage, Track
from app.core.markup import named
from app.entries.models import Entry
from app.judging.enums import AssignmentState, SeatState, SheetState
from app.judging.models import Assignment, AssignmentPlan, Conflict, Panel, PanelCall, ScoreSheet, Seat, SeatTrack

from .conflicts import entries_of_panel, places_of, scored_elsewhere


@dataclass(frozen=True)
class PanelRow:
    """A panel in the list of its stage."""

    id: int
    name: str
    name_en: str
    calls: tuple[str, ...]
    seats: int
    accepted: int
    assignments: int
    signed: int


def stage_at(session: Session, edition: Edition, position: int) -> Stage | None:
    """The stage of an edition at a position."""
    return session.scalar(select(Stage).where(Stage.edition_id == edition.id, Stage.position == position))


def panel_in(session: Session, stage: Stage, panel_id: int) -> Panel | None:
    """A panel of that stage; others do not exist here."""
    return session.scalar(select(Panel).where(Panel.stage_id == stage.id, Panel.id == panel_id))


def seat_in(session: Session, panel: Panel, seat_id: int) -> Seat | None:
    return session.scalar(select(Seat).where(Seat.panel_id == panel.id, Seat.id == seat_id))


def addresses_of(session: Session, panel: Panel) -> frozenset[str]:
    """The addresses that have a seat; those of removed judges are free again."""
    return frozenset(session.scalars(select(Seat.email).where(Seat.panel_id == panel.id, Seat.state != SeatState.REMOVED)))


def call_ids_of(session: Session, panel: Panel) -> list[int]:
    """The calls that the panel judges."""
    return list(session.scalars(select(PanelCall.call_id).where(PanelCall.panel_id == panel.id).order_by(PanelCall.call_id)))


def panels_of(session: Session, stage_ids: list[int]) -> dict[int, list[PanelRow]]:
    """The panels of some stages with their figures, by stage. Four statements."""
    panels = session.scalars(select(Panel).where(Panel.stage_id.in_(stage_ids)).order_by(Panel.id)).all()
    calls: dict[int, list[str]] = {}
    of_calls = select(PanelCall.panel_id, Call).join(Call, Call.id == PanelCall.call_id).order_by(Call.position, Call.id)
    for panel_id, call in session.execute(of_calls.where(PanelCall.panel_id.in_([p.id for p in panels]))):
        calls.setdefault(panel_id, []).append(named(call))
    seats = _counts(session, select(Seat.panel_id, func.count(), _sum(Seat.state == SeatState.ACCEPTED)).where(
        Seat.state != SeatState.REMOVED).group_by(Seat.panel_id))  # fmt: skip
    work = _counts(session, select(Assignment.panel_id, func.count(), _sum(ScoreSheet.state == SheetState.SIGNED))
                   .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
                   .where(Assignment.state == AssignmentState.ACTIVE, Assignment.stage_id.in_(stage_ids))
                   .group_by(Assignment.panel_id))  # fmt: skip
    found: dict[int, list[PanelRow]] = {stage_id: [] for stage_id in stage_ids}
    for p in panels:
        found[p.stage_id].append(
            PanelRow(p.id, p.name, p.name_en, tuple(calls.get(p.id, ())), *seats.get(p.id, (0, 0)), *work.get(p.id, (0, 0)))
        )
    return found


def _sum(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _counts(session: Session, query: Any) -> dict[int, tuple[int, int]]:
    return {key: (int(total), int(part)) for key, total, part in session.execute(query)}


@dataclass(frozen=True)
class SeatRow:
    """A seat with its load; ``conflicts`` counts the entries the judge must not score, ``tracks`` are those at home."""

    seat: Seat
    tracks: tuple[Track, ...]
    assigned: int
    signed: int
    conflicts: int


def seat_rows(session: Session, panel: Panel) -> list[SeatRow]:
    """The panel's seats, chair first. Four statements."""
    seats = session.scalars(
        select(Seat).where(Seat.panel_id == panel.id, Seat.state != SeatState.REMOVED).order_by(Seat.is_chair.desc(), Seat.id)
    ).all()
    work = _counts(session, select(Assignment.seat_id, func.count(), _sum(ScoreSheet.state == SheetState.SIGNED))
                   .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
                   .where(Assignment.panel_id == panel.id, Assignment.state == AssignmentState.ACTIVE)
                   .group_by(Assignment.seat_id))  # fmt: skip
    counted = select(Conflict.seat_id, func.count(Conflict.entry_id.distinct())).group_by(Conflict.seat_id)
    of = {seat_id: count for seat_id, count in session.execute(counted.where(Conflict.seat_id.in_([s.id for s in seats])))}  # noqa: C416
    tracks: dict[int, list[Track]] = {}
    at_home = select(SeatTrack.seat_id, Track).join(Track, Track.id == SeatTrack.track_id).order_by(Track.position, Track.id)
    for seat_id, track in session.execute(at_home.where(SeatTrack.seat_id.in_([s.id for s in seats]))):
        tracks.setdefault(seat_id, []).append(track)
    return [SeatRow(seat, tuple(tracks.get(seat.id, ())), *work.get(seat.id, (0, 0)), of.get(seat.id, 0)) for seat in seats]


@dataclass(frozen=True)
class ConflictRow:
    """A stored conflict; ``signed`` when the judge has signed a sheet on the entry all the same."""

    id: int
    seat: str
    code: str
    title: str
    source: Any
    reason: str
    found_at: datetime
    signed: bool


def conflict_rows(session: Session, panel: Panel) -> list[ConflictRow]:
    """Conflicts of the panel's judges, by judge. One statement."""
    query = (
        select(Conflict, Seat.name, Entry.public_code, Entry.title, ScoreSheet.state)
        .join(Seat, Seat.id == Conflict.seat_id)
        .join(Entry, Entry.id == Conflict.entry_id)
        .outerjoin(Assignment, (Assignment.seat_id == Conflict.seat_id) & (Assignment.entry_id == Conflict.entry_id))
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(Seat.panel_id == panel.id, Seat.state != SeatState.REMOVED)
        .order_by(Seat.id, Entry.public_code)
    )
    return [
        ConflictRow(c.id, seat, code or "", title, c.source, c.reason, c.found_at, state == SheetState.SIGNED)
        for c, seat, code, title, state in session.execute(query)
    ]


def plans_of(session: Session, panel: Panel) -> list[AssignmentPlan]:
    """Proposals and changes by hand, latest first."""
    query = select(AssignmentPlan).where(AssignmentPlan.panel_id == panel.id)
    return list(session.scalars(query.order_by(AssignmentPlan.made_at.desc(), AssignmentPlan.id.desc()).limit(20)))


@dataclass(frozen=True)
class Matrix:
    """Entries by seats: what is assigned, what has begun, what is forbidden. Pairs are (entry id, seat id)."""

    entries: tuple[tuple[int, str, str], ...]
    seats: tuple[tuple[int, str], ...]
    assigned: frozenset[tuple[int, int]]
    begun: frozenset[tuple[int, int]]
    conflicts: Mapping[tuple[int, int], str]
    loads: Mapping[int, int]


def matrix_of(session: Session, panel: Panel) -> Matrix:
    """Everything for the table on which assignments are changed by hand. Five statements."""
    ids = entries_of_panel(panel.id, panel.stage_id)
    entries = session.execute(select(Entry.id, Entry.public_code, Entry.title).where(Entry.id.in_(ids)).order_by(Entry.public_code)).all()
    seats = session.execute(
        select(Seat.id, Seat.name).where(Seat.panel_id == panel.id, Seat.state == SeatState.ACCEPTED).order_by(Seat.id)
    ).all()
    query = (
        select(Assignment.entry_id, Assignment.seat_id, ScoreSheet.id)
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(Assignment.panel_id == panel.id, Assignment.state == AssignmentState.ACTIVE)
    )
    rows = session.execute(query).all()
    places = places_of(panel)
    against = select(Conflict.entry_id, places.c.seat_id, Conflict.source).join(places, places.c.other_id == Conflict.seat_id)
    barred = dict.fromkeys(scored_elsewhere(session, panel), _("Scores it in another panel"))
    loads: dict[int, int] = {}
    for _entry, seat_id, _sheet in rows:
        loads[seat_id] = loads.get(seat_id, 0) + 1
    return Matrix(
        tuple((e.id, e.public_code or "", e.title) for e in entries), tuple((s.id, s.name) for s in seats),
        frozenset((e, s) for e, s, _ in rows), frozenset((e, s) for e, s, sheet in rows if sheet is not None),
        barred | {(e, s): str(source.label) for e, s, source in session.execute(against)}, loads,
    )  # fmt: skip
