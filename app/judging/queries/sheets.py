"""Score sheets: who sees which, and plain rows for results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, exists, false, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.enums import Role
from app.calls.enums import SETTLED
from app.calls.models import Edition, Stage
from app.calls.policies import holds_in, is_staff
from app.calls.rules import StageRules
from app.core.authz import Actor
from app.entries.models import Entry
from app.judging.enums import AssignmentState, SeatState, SheetState
from app.judging.models import Assignment, Mark, ScoreSheet, Seat

#: Rules under which judges see each other's sheets at all.
SHARED = ("signed", "all_signed")


def sheets_visible_to(actor: Actor, stage: Stage, edition: Edition, now: datetime) -> Select[ScoreSheet]:
    """The sheets of a stage that the actor may see with their marks, at this moment.

    A judge: the own ones; others' of the same entry only when both are signed and the rules allow it (``signed``), or when
    every sheet of the entry is signed (``all_signed``). Staff: signed ones once the stage is sealed, earlier only where the rules
    say ``signed``. Supervisors: once sealed.
    """
    query = select(ScoreSheet).join(Assignment, Assignment.id == ScoreSheet.assignment_id)
    query = query.where(ScoreSheet.stage_id == stage.id)
    rules = rules_of(stage)
    allowed = [_own(actor), _others(actor, rules.disclosure.judges_see_others)]
    sealed = stage.state in SETTLED
    staff_may = is_staff(actor, edition) and (sealed or rules.disclosure.organizer_sees_scores == "signed")
    if staff_may or (sealed and holds_in(actor, Role.SUPERVISOR, edition)):
        allowed.append(ScoreSheet.state == SheetState.SIGNED)
    return query.where(or_(*allowed))


def rules_of(stage: Stage) -> StageRules:
    """The rules in force: frozen when judging opened, the working copy before."""
    return stage.rule_version.rules if stage.rule_version is not None else stage.rules


def _mine(actor: Actor) -> Any:
    return select(Seat.id).where(Seat.user_id == actor.user_id, Seat.state == SeatState.ACCEPTED)


def _own(actor: Actor) -> Any:
    if actor.user_id is None:
        return false()
    return and_(Assignment.seat_id.in_(_mine(actor)), Assignment.state == AssignmentState.ACTIVE)


def _others(actor: Actor, policy: str) -> Any:
    """Others' signed sheets of entries on which the actor has signed."""
    if actor.user_id is None or policy not in SHARED:
        return false()
    mine, own = aliased(Assignment), aliased(ScoreSheet)
    signed = exists(
        select(own.id).join(mine, mine.id == own.assignment_id).where(
            mine.entry_id == Assignment.entry_id, mine.stage_id == Assignment.stage_id, mine.panel_id == Assignment.panel_id,
            mine.seat_id.in_(_mine(actor)), mine.state == AssignmentState.ACTIVE, own.state == SheetState.SIGNED,
        )
    )  # fmt: skip
    allowed = and_(ScoreSheet.state == SheetState.SIGNED, Assignment.state == AssignmentState.ACTIVE, signed)
    if policy == "signed":
        return allowed
    other, sheet = aliased(Assignment), aliased(ScoreSheet)
    waiting = exists(
        select(other.id).outerjoin(sheet, sheet.assignment_id == other.id).where(
            other.entry_id == Assignment.entry_id, other.stage_id == Assignment.stage_id, other.state == AssignmentState.ACTIVE,
            or_(sheet.id.is_(None), sheet.state != SheetState.SIGNED),
        )
    )  # fmt: skip
    return and_(allowed, ~waiting)


def has_signed(session: Session, seat: Seat) -> bool:
    """Whether the judge has signed a sheet that still counts."""
    signed = select(ScoreSheet.id).join(Assignment, Assignment.id == ScoreSheet.assignment_id)
    signed = signed.where(Assignment.seat_id == seat.id, Assignment.state == AssignmentState.ACTIVE, ScoreSheet.state == SheetState.SIGNED)
    return session.scalar(signed.limit(1)) is not None


@dataclass(frozen=True)
class OtherSheet:
    """Another judge's signed sheet as a judge may see it: a letter instead of a name."""

    letter: str
    total: Decimal
    comment: str


def other_sheets(session: Session, actor: Actor, stage: Stage, edition: Edition, assignment: Assignment, now: datetime) -> list[OtherSheet]:
    """What the actor may see of the others on this entry; nothing before both have signed and the rules allow it."""
    if rules_of(stage).disclosure.judges_see_others not in SHARED:
        return []
    visible = sheets_visible_to(actor, stage, edition, now).where(
        Assignment.entry_id == assignment.entry_id, Assignment.id != assignment.id, Assignment.panel_id == assignment.panel_id,
        ScoreSheet.state == SheetState.SIGNED,
    )  # fmt: skip
    rows = session.scalars(visible.order_by(ScoreSheet.digest)).all()
    return [OtherSheet(chr(ord("A") + n % 26), row.total, row.comment) for n, row in enumerate(rows) if row.total is not None]


@dataclass(frozen=True)
class SheetRow:
    """One judge on one entry, for the result engine. ``status``: scored, absent (no signed sheet) or recused."""

    entry_id: int
    seat_id: int
    panel_id: int
    user_id: int | None
    category: str
    is_chair: bool
    status: str
    marks: dict[str, Decimal]
    total: Decimal | None
    comment: str
    rule_version_id: int | None
    digest: str | None


def sheets_for_results(session: Session, stage_id: int, call_id: int | None = None) -> list[SheetRow]:
    """Every assignment of a stage (of one call) in a fixed order, with the marks of signed sheets. Two statements."""
    query = (
        select(Assignment.entry_id, Assignment.seat_id, Assignment.panel_id, Assignment.state, Seat.user_id, Seat.category,
               Seat.is_chair, ScoreSheet.id, ScoreSheet.state, ScoreSheet.total, ScoreSheet.comment, ScoreSheet.rule_version_id,
               ScoreSheet.digest)
        .join(Seat, Seat.id == Assignment.seat_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(Assignment.stage_id == stage_id, Assignment.state != AssignmentState.REMOVED)
        .order_by(Assignment.entry_id, Assignment.seat_id)
    )  # fmt: skip
    marks = select(Mark.sheet_id, Mark.criterion, Mark.value).join(ScoreSheet, ScoreSheet.id == Mark.sheet_id).where(
        ScoreSheet.stage_id == stage_id, ScoreSheet.state == SheetState.SIGNED
    )  # fmt: skip
    if call_id is not None:
        query = query.where(Entry.call_id == call_id)
        marks = marks.join(Assignment, Assignment.id == ScoreSheet.assignment_id)
        marks = marks.join(Entry, Entry.id == Assignment.entry_id).where(Entry.call_id == call_id)
    given: dict[int, dict[str, Decimal]] = {}
    for sheet_id, criterion, value in session.execute(marks):
        given.setdefault(sheet_id, {})[criterion] = value
    return [_row(row, given) for row in session.execute(query)]


def _row(row: Any, given: dict[int, dict[str, Decimal]]) -> SheetRow:
    entry_id, seat_id, panel_id, state, user_id, category, is_chair, sheet_id, sheet_state, total, comment, version, digest = row
    scored = state == AssignmentState.ACTIVE and sheet_state == SheetState.SIGNED
    status = "recused" if state == AssignmentState.RECUSED else ("scored" if scored else "absent")
    return SheetRow(
        entry_id, seat_id, panel_id, user_id, category.value, is_chair, status, given.get(sheet_id, {}) if scored else {},
        total if scored else None, comment if scored else "", version if scored else None, digest if scored else None,
    )  # fmt: skip
