"""Questions to the host that nobody can decide any more end by themselves: what they were asked about has moved on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.calls.enums import ApprovalSubject
from app.calls.events import ChangeLapsed
from app.calls.models import Approval, Edition, Stage
from app.core.authz import Actor


def lapse_with_stage(session: Session, *, edition: Edition, stage: Stage, first_judged: bool, actor: Actor, now: datetime) -> None:
    """The stage was opened or sealed: changes of it were asked for on another state. Records ChangeLapsed for each.

    With the ``first_judged`` stage the windows of entry are settled too: whoever came later would be judged by nobody.
    """
    of_stage = and_(
        Approval.subject.in_((ApprovalSubject.STAGE_RULES, ApprovalSubject.STAGE_WINDOW)), Approval.subject_id == stage.id
    )  # fmt: skip
    windows = Approval.subject == ApprovalSubject.CALL_WINDOWS
    _lapse(session, edition, or_(of_stage, windows) if first_judged else of_stage, actor, now)


def lapse_with_edition(session: Session, *, edition: Edition, actor: Actor, now: datetime, deciding: Approval | None = None) -> None:
    """The edition was called off or its file closed; all its questions end but the one being decided. Records ChangeLapsed for each."""
    _lapse(session, edition, Approval.id != deciding.id if deciding is not None else true(), actor, now)


def _lapse(session: Session, edition: Edition, which: ColumnElement[bool], actor: Actor, now: datetime) -> None:
    waiting = select(Approval).where(Approval.edition_id == edition.id, Approval.decided_at.is_(None), which).order_by(Approval.id)
    for approval in session.scalars(waiting.with_for_update()).all():
        approval.decided_by_id, approval.decided_at = actor.user_id, now  # ``approved`` stays empty: nobody decided
        record(session, ChangeLapsed(approval.id, edition.id, approval.subject, approval.subject_id), actor=actor, now=now)
