"""The division matrix: tracks, groups and regions, and the calls that are their cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.calls.errors import InUse, WindowDisordered
from app.calls.events import DivisionsArranged
from app.calls.models import Call, Edition, EntryGroup, Region, Track
from app.calls.rules import CallRules
from app.core.authz import Actor

from .editing import lock_draft

Row: TypeAlias = Track | EntryGroup | Region
Axis: TypeAlias = type[Track] | type[EntryGroup] | type[Region]
AXES: dict[str, Axis] = {"tracks": Track, "groups": EntryGroup, "regions": Region}


@dataclass(frozen=True)
class AxisRow:
    """One line of an axis as edited; ``id`` None is new."""

    code: str
    name: str
    id: int | None = None
    name_en: str = ""
    description: str = ""
    sponsor: str = ""


def make_calls(session: Session, *, edition: Edition, opens_at: datetime, closes_at: datetime,
               form_version_id: int | None, rules: CallRules | None = None) -> list[Call]:  # fmt: skip
    """A call for each cell of the matrix that has none yet; an edition without axes has one call."""
    if closes_at <= opens_at:
        raise WindowDisordered(field="closes_at")
    have = {(c.track_id, c.group_id, c.region_id) for c in calls_of(session, edition)}
    made: list[Call] = []
    lines: list[list[Any]] = [lines_of(session, edition, model) or [None] for model in AXES.values()]
    for position, (track, group, region) in enumerate(product(*lines)):
        if (_id(track), _id(group), _id(region)) in have:
            continue
        cell = [axis for axis in (track, group, region) if axis is not None]
        call = Call(
            edition=edition, track=track, group=group, region=region, code="-".join(a.code for a in cell) or "all",
            name=" · ".join(a.name for a in cell) or edition.title, name_en=" · ".join(a.name_en or a.name for a in cell),
            opens_at=opens_at, closes_at=closes_at, form_version_id=form_version_id, rules=rules or CallRules(), position=position,
        )  # fmt: skip
        session.add(call)
        made.append(call)
    session.flush()  # callers point at the new calls
    return made


def arrange_axis(session: Session, *, edition: Edition, axis: str, rows: Sequence[AxisRow], actor: Actor, now: datetime) -> Edition:
    """Put the tracks, groups or regions as listed; calls of new cells copy the window, form and rules of the first call,
    calls of removed lines go. Records DivisionsArranged."""
    lock_draft(session, edition)
    model = AXES[axis]
    before = {call.code for call in calls_of(session, edition)}
    pattern = next(iter(calls_of(session, edition)), None)
    known = {row.id: row for row in lines_of(session, edition, model)}
    kept = {row.id for row in rows if row.id is not None}
    for row in [row for row_id, row in known.items() if row_id not in kept]:
        _drop(session, edition, axis, row)
    for position, wanted in enumerate(rows):
        _put(session, edition, model, known, wanted, position)
    session.flush()  # the calls are made from the rows as they are now
    _drop_calls_outside(session, edition)
    if pattern is not None:
        made = make_calls(
            session, edition=edition, opens_at=pattern.opens_at, closes_at=pattern.closes_at, form_version_id=pattern.form_version_id
        )
        for call in made:
            call.rules = _rules_like(session, edition, call, pattern)
    _rename(session, edition)
    after = {call.code for call in calls_of(session, edition)}
    record(session, DivisionsArranged(edition.id, edition.id, sorted(after - before), sorted(before - after)), actor=actor, now=now)
    return edition


def calls_of(session: Session, edition: Edition) -> list[Call]:
    return list(session.scalars(select(Call).where(Call.edition_id == edition.id).order_by(Call.position, Call.id)))


def lines_of(session: Session, edition: Edition, model: Axis) -> list[Row]:
    return list(session.scalars(select(model).where(model.edition_id == edition.id).order_by(model.position, model.id)))


def _id(row: Row | None) -> int | None:
    return row.id if row is not None else None


def _drop(session: Session, edition: Edition, axis: str, row: Row) -> None:
    column = {"tracks": Call.track_id, "groups": Call.group_id, "regions": Call.region_id}[axis]
    for call in session.scalars(select(Call).where(Call.edition_id == edition.id, column == row.id)):
        session.delete(call)
    session.flush()  # the cells go before the line that they point at
    session.delete(row)


def _put(session: Session, edition: Edition, model: Axis, known: dict[int, Row], wanted: AxisRow, position: int) -> None:
    row = known.get(wanted.id) if wanted.id is not None else None
    if wanted.id is not None and row is None:
        raise InUse
    if row is None:
        row = model(edition_id=edition.id, code=wanted.code, name=wanted.name)
        session.add(row)
    row.code, row.name, row.name_en, row.description, row.position = (
        wanted.code, wanted.name, wanted.name_en, wanted.description, position,
    )  # fmt: skip
    if isinstance(row, Track):
        row.sponsor = wanted.sponsor


def _drop_calls_outside(session: Session, edition: Edition) -> None:
    """When an axis gets its first line, the old calls are no cells any more."""
    has = [bool(lines_of(session, edition, model)) for model in AXES.values()]
    for call in calls_of(session, edition):
        if [value is not None for value in (call.track_id, call.group_id, call.region_id)] != has:
            session.delete(call)
    session.flush()  # a new call may take the place of a deleted one


def _rules_like(session: Session, edition: Edition, call: Call, pattern: Call) -> CallRules:
    """The rules of a call of the same group, else of the pattern."""
    same = (c for c in calls_of(session, edition) if c.id != call.id and c.group_id == call.group_id and c.rules.eligibility)
    return next((c.rules for c in same), pattern.rules)


def _rename(session: Session, edition: Edition) -> None:
    """Codes and names of the cells follow their lines."""
    cells: Iterable[Call] = calls_of(session, edition)
    order = {id_: n for n, id_ in enumerate(_ordered_cells(session, edition))}
    for call in cells:
        axes = [axis for axis in (call.track, call.group, call.region) if axis is not None]
        if axes:
            call.code = "-".join(axis.code for axis in axes)
            call.name = " · ".join(axis.name for axis in axes)
            call.name_en = " · ".join(axis.name_en or axis.name for axis in axes)
        call.position = order.get((call.track_id, call.group_id, call.region_id), 0)
    session.flush()  # the unique cell is checked here, not at the commit


def _ordered_cells(session: Session, edition: Edition) -> list[tuple[int | None, int | None, int | None]]:
    axes: list[list[Any]] = [[row.id for row in lines_of(session, edition, model)] or [None] for model in AXES.values()]
    return [(track, group, region) for track, group, region in product(*axes)]
