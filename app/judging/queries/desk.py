"""The judge's queue: own assignments only, blind titles where the stage is blind, nothing of other judges."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, case, literal, or_, select
from sqlalchemy.orm import Session

from app.calls.enums import StageState
from app.calls.models import Edition, Stage, StageRuleVersion
from app.core.authz import Actor
from app.entries.enums import EntryState
from app.entries.models import BlindCopy, Entry
from app.judging.enums import AssignmentState, SeatState, SheetState
from app.judging.models import Assignment, Panel, ScoreSheet, Seat

SHOWN = (StageState.OPEN, StageState.SEALED, StageState.RELEASED)


@dataclass(frozen=True)
class DeskPanel:
    """One seat of the judge with its stage."""

    seat_id: int
    panel: str
    panel_en: str
    brief: str
    stage_id: int
    stage: str
    stage_en: str
    stage_state: str
    opens_at: datetime
    closes_at: datetime
    edition: str
    edition_en: str
    edition_code: str
    zone: str
    blind: bool
    full: str
    is_chair: bool
    is_frozen: bool

    def name(self, locale: str) -> str:
        return (self.stage_en if locale.startswith("en") else "") or self.stage

    def contest(self, locale: str) -> str:
        return (self.edition_en if locale.startswith("en") else "") or self.edition


@dataclass(frozen=True)
class DeskRow:
    """One assignment in the queue. ``status``: todo, draft, done or recused; a recused row has no title any more."""

    assignment_id: int
    seat_id: int
    status: str
    code: str
    title: str
    total: Decimal | None
    revision: int
    saved_at: datetime | None
    signed_at: datetime | None
    position: int
    reason: str = ""


def desk_panels(session: Session, actor: Actor) -> list[DeskPanel]:
    """The accepted seats of the actor, nearest deadline first. One statement."""
    found = []
    for seat_id, name, name_en, brief, stage, title, title_en, code, zone, fixed, is_chair, frozen_at in session.execute(
        _panels(), {"user_id": actor.user_id}
    ):
        rules = fixed or stage.rules
        found.append(DeskPanel(
            seat_id, name, name_en, brief, stage.id, stage.name, stage.name_en, stage.state.value, stage.opens_at, stage.closes_at,
            title, title_en, code, zone, rules.disclosure.blind, rules.rubric_for(None).full, is_chair,
            frozen_at is not None,
        ))  # fmt: skip
    return found


@cache
def _panels() -> Select[*tuple[Any, ...]]:
    """Built once, like the other queries of the desk: putting one together costs more than running it."""
    return (
        select(Seat.id, Panel.name, Panel.name_en, Panel.brief, Stage, Edition.title, Edition.title_en, Edition.code, Edition.zone,
               StageRuleVersion.rules, Seat.is_chair, Edition.frozen_at)
        .join(Panel, Panel.id == Seat.panel_id)
        .join(Stage, Stage.id == Panel.stage_id)
        .join(Edition, Edition.id == Stage.edition_id)
        .outerjoin(StageRuleVersion, StageRuleVersion.id == Stage.rule_version_id)
        .where(Seat.user_id == bindparam("user_id"), Seat.state == SeatState.ACCEPTED, Edition.access_ended_at.is_(None))
        .order_by(Stage.closes_at, Seat.id)
    )  # fmt: skip


def desk_rows(session: Session, panels: Iterable[DeskPanel]) -> list[DeskRow]:
    """All assignments of these seats in queue order. One statement; a blind stage's titles come from blind copies only.

    What a judge stepped aside from stays listed without its title, whatever becomes of it: its vanishing would tell.
    """
    shown = [panel for panel in panels if panel.stage_state in SHOWN]
    if not shown:
        return []
    blind = [panel.stage_id for panel in shown if panel.blind]
    title = case((Assignment.stage_id.in_(blind), BlindCopy.title), else_=Entry.title) if blind else Entry.title
    query = (
        select(Assignment.id, Assignment.seat_id, Assignment.state, Entry.public_code,
               case((Assignment.state == AssignmentState.ACTIVE, title), else_=literal("")),
               ScoreSheet.state, ScoreSheet.total, ScoreSheet.revision, ScoreSheet.saved_at, ScoreSheet.signed_at,
               Assignment.position, Assignment.recuse_reason)
        .join(Entry, Entry.id == Assignment.entry_id)
        .outerjoin(BlindCopy, BlindCopy.entry_id == Entry.id)
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(Assignment.seat_id.in_([panel.seat_id for panel in shown]), Assignment.state != AssignmentState.REMOVED,
               or_(Entry.state == EntryState.ACCEPTED, Assignment.state == AssignmentState.RECUSED))
        .order_by(Assignment.seat_id, Assignment.position, Assignment.id)
    )  # fmt: skip
    return [_row(row) for row in session.execute(query)]


def _row(row: Any) -> DeskRow:
    key, seat_id, state, code, title, sheet, total, revision, saved_at, signed_at, position, reason = row
    if state == AssignmentState.RECUSED:
        return DeskRow(key, seat_id, "recused", code or "", "", None, 0, None, None, position, reason)
    status = "todo" if sheet is None else ("done" if sheet == SheetState.SIGNED else "draft")
    return DeskRow(key, seat_id, status, code or "", title or "", total, revision or 0, saved_at, signed_at, position)


def seat_rows(session: Session, actor: Actor, seat_id: int) -> tuple[DeskPanel, list[DeskRow]] | None:
    """One of the actor's seats with its rows."""
    panel = next((p for p in desk_panels(session, actor) if p.seat_id == seat_id), None)
    return None if panel is None else (panel, desk_rows(session, [panel]))


@dataclass(frozen=True)
class Place:
    """Where one sheet stands in the judge's queue."""

    done: int
    total: int
    previous_id: int | None
    next_id: int | None
    next_open_id: int | None


def place_in_queue(session: Session, seat_id: int, assignment_id: int) -> Place:
    """Neighbours and progress of one assignment. One statement."""
    rows = session.execute(_queue(), {"seat_id": seat_id}).all()
    ids = [row[0] for row in rows]
    here = ids.index(assignment_id) if assignment_id in ids else -1
    waiting = [row[0] for row in rows if row[1] != SheetState.SIGNED and row[2] is None and row[0] != assignment_id]
    later = [key for key in waiting if ids.index(key) > here]
    return Place(
        done=sum(row[2] is not None for row in rows), total=len(rows),
        previous_id=ids[here - 1] if here > 0 else None, next_id=ids[here + 1] if 0 <= here < len(ids) - 1 else None,
        next_open_id=next(iter(later or waiting), None),
    )  # fmt: skip


@cache
def _queue() -> Select[*tuple[Any, ...]]:
    return (
        select(Assignment.id, ScoreSheet.state, ScoreSheet.total)
        .join(Entry, Entry.id == Assignment.entry_id)
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(Assignment.seat_id == bindparam("seat_id"), Assignment.state == AssignmentState.ACTIVE, Entry.state == EntryState.ACCEPTED)
        .order_by(Assignment.position, Assignment.id)
    )
