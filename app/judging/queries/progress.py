"""How far the judges are: counts and last acts, no mark and no total."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import User
from app.calls.models import Edition, Stage
from app.calls.stagekinds import JUDGED
from app.core.authz import Actor
from app.core.markup import pick
from app.entries.models import Entry, StageEntry
from app.judging.enums import AssignmentState, SeatState, SheetState
from app.judging.models import Assignment, Panel, Reopening, ScoreSheet, Seat

from .sheets import sheets_visible_to


@dataclass(frozen=True)
class JudgeProgress:
    """One judge of a stage."""

    seat_id: int
    name: str
    panel: str
    panel_id: int
    state: Any
    assigned: int
    drafts: int
    signed: int
    last_act: datetime | None
    reminded_at: datetime | None

    @property
    def todo(self) -> int:
        return self.assigned - self.drafts - self.signed


@dataclass(frozen=True)
class EntryProgress:
    """One entry of a stage: how many judges, how many have signed."""

    entry_id: int
    code: str
    title: str
    assigned: int
    signed: int
    recused: int


def judged_stages(session: Session, edition: Edition) -> list[Stage]:
    """The stages in which judges mark, in order."""
    query = select(Stage).where(Stage.edition_id == edition.id, Stage.kind.in_([kind.value for kind in JUDGED]))
    return list(session.scalars(query.order_by(Stage.position)))


def judges_of(session: Session, stage: Stage) -> list[JudgeProgress]:
    """Everybody with a seat, by panel. One statement."""
    draft = case((ScoreSheet.state == SheetState.DRAFT, 1), else_=0)
    signed = case((ScoreSheet.state == SheetState.SIGNED, 1), else_=0)
    query = (
        select(Seat.id, Seat.name, Panel.name, Panel.name_en, Panel.id, Seat.state, func.count(Assignment.id),
               func.coalesce(func.sum(draft), 0), func.coalesce(func.sum(signed), 0), func.max(ScoreSheet.saved_at),
               func.max(ScoreSheet.signed_at), Seat.last_active_at, Seat.reminded_at)
        .join(Panel, Panel.id == Seat.panel_id)
        .outerjoin(Assignment, (Assignment.seat_id == Seat.id) & (Assignment.state == AssignmentState.ACTIVE))
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(Panel.stage_id == stage.id, Seat.state != SeatState.REMOVED)
        .group_by(Seat.id, Seat.name, Panel.name, Panel.name_en, Panel.id, Seat.state, Seat.last_active_at, Seat.reminded_at)
        .order_by(Panel.id, Seat.id)
    )  # fmt: skip
    return [
        JudgeProgress(
            key, name, pick(panel, panel_en), panel_id, state, assigned, int(drafts), int(done), _latest(saved, last, active), reminded
        )
        for key, name, panel, panel_en, panel_id, state, assigned, drafts, done, saved, last, active, reminded in session.execute(query)
    ]


def _latest(*moments: datetime | None) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)


def entries_of(session: Session, stage: Stage) -> list[EntryProgress]:
    """Every entry of the stage, those with the fewest signatures first. One statement."""
    active = case((Assignment.state == AssignmentState.ACTIVE, 1), else_=0)
    signed = case(((Assignment.state == AssignmentState.ACTIVE) & (ScoreSheet.state == SheetState.SIGNED), 1), else_=0)
    recused = case((Assignment.state == AssignmentState.RECUSED, 1), else_=0)
    query = (
        select(Entry.id, Entry.public_code, Entry.title, func.coalesce(func.sum(active), 0), func.coalesce(func.sum(signed), 0),
               func.coalesce(func.sum(recused), 0))
        .join(StageEntry, StageEntry.entry_id == Entry.id)
        .outerjoin(Assignment, (Assignment.entry_id == Entry.id) & (Assignment.stage_id == stage.id))
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(StageEntry.stage_id == stage.id, StageEntry.left_at.is_(None))
        .group_by(Entry.id, Entry.public_code, Entry.title)
    )  # fmt: skip
    rows = [EntryProgress(key, code or "", title, int(a), int(s), int(r)) for key, code, title, a, s, r in session.execute(query)]
    return sorted(rows, key=lambda row: (row.assigned > 0 and row.signed == row.assigned, row.signed - row.assigned, row.code))


def unsigned_count(session: Session, stage: Stage) -> int:
    """Assignments of a stage that have no signed sheet."""
    query = (
        select(func.count(Assignment.id))
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(Assignment.stage_id == stage.id, Assignment.state == AssignmentState.ACTIVE)
        .where(ScoreSheet.id.is_(None) | (ScoreSheet.state != SheetState.SIGNED))
    )
    return session.scalar(query) or 0


@dataclass(frozen=True)
class SignedRow:
    """A signed sheet in the organizer's list; ``total`` only where the reader may see it."""

    assignment_id: int
    code: str
    title: str
    judge: str
    signed_at: datetime | None
    receipt_code: str
    total: Decimal | None
    is_pending: bool


def signed_sheets(session: Session, actor: Actor, stage: Stage, edition: Edition, now: datetime) -> list[SignedRow]:
    """All signed sheets of a stage by entry; totals come only from the sheets that ``sheets_visible_to`` gives. Three statements."""
    query = (
        select(ScoreSheet.id, Assignment.id, Entry.public_code, Entry.title, Seat.name, ScoreSheet.signed_at, ScoreSheet.receipt_code)
        .join(Assignment, Assignment.id == ScoreSheet.assignment_id)
        .join(Seat, Seat.id == Assignment.seat_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(ScoreSheet.stage_id == stage.id, ScoreSheet.state == SheetState.SIGNED, Assignment.state == AssignmentState.ACTIVE)
        .order_by(Entry.public_code, Seat.id)
    )
    visible = sheets_visible_to(actor, stage, edition, now).with_only_columns(ScoreSheet.id, ScoreSheet.total)
    totals = {row.id: row.total for row in session.execute(visible)}
    asked = select(Reopening.sheet_id).join(ScoreSheet, ScoreSheet.id == Reopening.sheet_id)
    pending = set(session.scalars(asked.where(ScoreSheet.stage_id == stage.id, Reopening.decided_at.is_(None))))
    return [
        SignedRow(assignment_id, code or "", title, judge, signed_at, receipt or "", totals.get(sheet_id), sheet_id in pending)
        for sheet_id, assignment_id, code, title, judge, signed_at, receipt in session.execute(query)
    ]


def sheet_of(session: Session, assignment: Assignment) -> ScoreSheet | None:
    """The sheet of an assignment, if it was begun."""
    return session.scalar(select(ScoreSheet).where(ScoreSheet.assignment_id == assignment.id))


def pending_reopening(session: Session, sheet: ScoreSheet) -> Reopening | None:
    """What has been asked of a signed sheet and not yet decided."""
    return session.scalar(select(Reopening).where(Reopening.sheet_id == sheet.id, Reopening.decided_at.is_(None)))


def chaired_reopenings(session: Session, user_id: int | None) -> list[tuple[Reopening, str, str, int, str]]:
    """Undecided requests in panels that the person chairs: request, entry's code, edition's code, stage's position, judge's name."""
    chair = aliased(Seat)
    query = (
        select(Reopening, Entry.public_code, Edition.code, Stage.position, Seat.name)
        .join(ScoreSheet, ScoreSheet.id == Reopening.sheet_id)
        .join(Assignment, Assignment.id == ScoreSheet.assignment_id)
        .join(Seat, Seat.id == Assignment.seat_id)
        .join(chair, chair.panel_id == Seat.panel_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Stage, Stage.id == ScoreSheet.stage_id)
        .join(Edition, Edition.id == Stage.edition_id)
        .where(Reopening.decided_at.is_(None), chair.is_chair, chair.user_id == user_id, chair.state == SeatState.ACCEPTED)
        .where(Reopening.asked_by_id != user_id, Seat.user_id != user_id)
        .order_by(Reopening.asked_at)
    )
    return [(row[0], row[1] or "", row[2], row[3], row[4]) for row in session.execute(query)]


@dataclass(frozen=True)
class ReopeningRow:
    """A request to open a signed sheet again, with who may not decide it."""

    reopening: Reopening
    seat: Seat
    code: str
    asked_by: str
    chair_user_id: int | None


def reopenings_of(session: Session, stage: Stage) -> list[ReopeningRow]:
    """All requests of a stage, the undecided ones first. Two statements."""
    query = (
        select(Reopening, Seat, Entry.public_code, User.name)
        .join(ScoreSheet, ScoreSheet.id == Reopening.sheet_id)
        .join(Assignment, Assignment.id == ScoreSheet.assignment_id)
        .join(Seat, Seat.id == Assignment.seat_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(User, User.id == Reopening.asked_by_id)
        .where(ScoreSheet.stage_id == stage.id)
        .order_by(Reopening.decided_at.is_not(None), Reopening.asked_at.desc())
    )
    chairs = select(Seat.panel_id, Seat.user_id).join(Panel, Panel.id == Seat.panel_id)
    sitting = chairs.where(Panel.stage_id == stage.id, Seat.is_chair, Seat.state == SeatState.ACCEPTED)
    of = {row.panel_id: row.user_id for row in session.execute(sitting)}
    return [ReopeningRow(row, seat, code or "", name, of.get(seat.panel_id)) for row, seat, code, name in session.execute(query)]
