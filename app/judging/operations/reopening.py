"""A signed sheet is opened again by two persons, with a reason; what had been signed is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.calls.operations.freezing import check_not_frozen
from app.core.authz import Actor
from app.core.errors import NotFound
from app.judging.enums import AssignmentState, SheetAction, SheetState
from app.judging.events import ReopeningAsked, ReopeningDecided
from app.judging.models import Mark, Reopening, ScoreSheet
from app.judging.policies import SEALED
from app.judging.queries.work import Work, content_of, work_of
from app.judging.states import SHEETS

from .refusals import NotAssigned, NotSigned, ReopeningIsDecided, ReopeningPending, StageSealed


def ask(session: Session, *, sheet: ScoreSheet, reason: str, actor: Actor, now: datetime) -> Reopening:
    """Ask that a signed sheet be opened again. Records ReopeningAsked."""
    work = _signed(session, sheet)
    pending = select(Reopening.id).where(Reopening.sheet_id == sheet.id, Reopening.decided_at.is_(None))
    if session.scalar(pending) is not None:
        raise ReopeningPending
    reopening = Reopening(sheet_id=sheet.id, reason=reason, asked_by_id=actor.user_id, asked_at=now)
    session.add(reopening)
    session.flush()  # the event names it
    record(session, ReopeningAsked(sheet.id, work.edition.id, reopening.id, reason), actor=actor, now=now)
    return reopening


def decide(session: Session, *, reopening: Reopening, agreed: bool, remark: str, actor: Actor, now: datetime) -> Reopening:
    """A second person agrees or not. On agreement the sheet is a draft again; its signed content and receipt stay in the request.

    Records ReopeningDecided. The database refuses a decision by the person who asked.
    """
    sheet = session.get(ScoreSheet, reopening.sheet_id)
    if sheet is None:
        raise NotFound
    work = _signed(session, sheet)
    session.refresh(reopening)
    if reopening.decided_at is not None:
        raise ReopeningIsDecided
    reopening.decided_by_id, reopening.decided_at, reopening.agreed, reopening.remark = actor.user_id, now, agreed, remark
    reopening.signed_content = {
        **content_of(work), "total": f"{sheet.total:f}", "digest": sheet.digest, "receipt_code": sheet.receipt_code,
        "receipt": sheet.receipt, "signature": sheet.signature, "revision": sheet.revision,
    } if agreed else None  # fmt: skip
    if agreed:
        _open(session, sheet)
    record(session, ReopeningDecided(sheet.id, work.edition.id, reopening.id, agreed, remark), actor=actor, now=now)
    return reopening


def _signed(session: Session, sheet: ScoreSheet) -> Work:
    work = work_of(session, sheet.assignment_id)
    if work is None or work.sheet is None:
        raise NotFound
    check_not_frozen(work.edition)
    if work.stage.state in SEALED:
        raise StageSealed
    if work.assignment.state != AssignmentState.ACTIVE:
        raise NotAssigned
    if work.sheet.state != SheetState.SIGNED:
        raise NotSigned
    return work


def _open(session: Session, sheet: ScoreSheet) -> None:
    session.execute(delete(Mark).where(Mark.sheet_id == sheet.id))
    sheet.state = SHEETS.target(sheet.state, SheetAction.REOPEN)
    sheet.signed_at = sheet.digest = sheet.receipt_code = sheet.receipt = sheet.signature = None
