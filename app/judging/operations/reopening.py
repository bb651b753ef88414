"""A signed sheet is opened again, or struck, by two persons, with a reason; what had been signed is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.calls.enums import SETTLED
from app.calls.operations.freezing import check_not_frozen
from app.core.authz import Actor
from app.core.errors import NotFound
from app.judging.enums import AssignmentState, ConflictSource, SheetAction, SheetState
from app.judging.events import ReopeningAsked, ReopeningDecided, StrikeAsked, StrikeDecided
from app.judging.models import Conflict, Mark, Reopening, ScoreSheet
from app.judging.queries.work import Work, content_of, work_of
from app.judging.states import SHEETS

from .recusing import stop
from .refusals import NotAssigned, NotSigned, ReasonMissing, ReopeningIsDecided, ReopeningPending, SecondPersonDecides, StageSealed

LEAST_REASON = 4


def ask(session: Session, *, sheet: ScoreSheet, reason: str, actor: Actor, now: datetime, strikes: bool = False) -> Reopening:
    """Ask that a signed sheet be opened again, or struck. Raises ReasonMissing, ReopeningPending. Records ReopeningAsked or StrikeAsked."""
    if len(reason.strip()) < LEAST_REASON:
        raise ReasonMissing(field="reason")
    work = _signed(session, sheet)
    pending = select(Reopening.id).where(Reopening.sheet_id == sheet.id, Reopening.decided_at.is_(None))
    if session.scalar(pending) is not None:
        raise ReopeningPending
    reopening = Reopening(sheet_id=sheet.id, strikes=strikes, reason=reason, asked_by_id=actor.user_id, asked_at=now)
    session.add(reopening)
    session.flush()  # the event names it
    fact = StrikeAsked if strikes else ReopeningAsked
    record(session, fact(sheet.id, work.edition.id, reopening.id, reason), actor=actor, now=now)
    return reopening


def decide(session: Session, *, reopening: Reopening, agreed: bool, remark: str, actor: Actor, now: datetime) -> Reopening:
    """A second person agrees or not. On agreement the sheet is a draft again; its signed content and receipt stay in the request.

    A sheet that is struck stays as it was signed, but its judge no longer judges the entry, so no result counts it.
    Raises SecondPersonDecides for whoever asked and for the judge of the sheet; the database refuses the former too.
    Records ReopeningDecided or StrikeDecided.
    """
    sheet = session.get(ScoreSheet, reopening.sheet_id)
    if sheet is None:
        raise NotFound
    work = _signed(session, sheet)
    session.refresh(reopening)
    if reopening.decided_at is not None:
        raise ReopeningIsDecided
    if actor.user_id in (reopening.asked_by_id, work.seat.user_id):
        raise SecondPersonDecides
    reopening.decided_by_id, reopening.decided_at, reopening.agreed, reopening.remark = actor.user_id, now, agreed, remark
    reopening.signed_content = {
        **content_of(work), "total": f"{sheet.total:f}", "digest": sheet.digest, "receipt_code": sheet.receipt_code,
        "receipt": sheet.receipt, "signature": sheet.signature, "revision": sheet.revision,
    } if agreed else None  # fmt: skip
    if agreed and reopening.strikes:
        _strike(session, work, reopening.reason, now)
    elif agreed:
        _open(session, sheet)
    fact = StrikeDecided if reopening.strikes else ReopeningDecided
    record(session, fact(sheet.id, work.edition.id, reopening.id, agreed, remark), actor=actor, now=now)
    return reopening


def _signed(session: Session, sheet: ScoreSheet) -> Work:
    work = work_of(session, sheet.assignment_id)
    if work is None or work.sheet is None:
        raise NotFound
    check_not_frozen(work.edition)
    if work.stage.state in SETTLED:
        raise StageSealed
    if work.assignment.state != AssignmentState.ACTIVE:
        raise NotAssigned
    if work.sheet.state != SheetState.SIGNED:
        raise NotSigned
    return work


def _strike(session: Session, work: Work, reason: str, now: datetime) -> None:
    """The judge has stepped aside by decision of others, and is not given the entry again."""
    stop(work.assignment, f"struck: {reason}", now)
    known = select(Conflict.id).where(Conflict.seat_id == work.seat.id, Conflict.entry_id == work.assignment.entry_id)
    if session.scalar(known) is None:
        session.add(Conflict(
            seat_id=work.seat.id, entry_id=work.assignment.entry_id, source=ConflictSource.ORGANIZER, reason=reason[:400], found_at=now,
        ))  # fmt: skip


def _open(session: Session, sheet: ScoreSheet) -> None:
    session.execute(delete(Mark).where(Mark.sheet_id == sheet.id))
    sheet.state = SHEETS.target(sheet.state, SheetAction.REOPEN)
    sheet.signed_at = sheet.digest = sheet.receipt_code = sheet.receipt = sheet.signature = None
