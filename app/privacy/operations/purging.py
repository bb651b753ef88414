"""Removing rows that are past the time which the inventory gives them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import KeyChallenge, SignInAttempt, Token, UserSession
from app.audit.enums import DeliveryState
from app.audit.models import Delivery
from app.audit.operations import record
from app.core.authz import Actor
from app.core.db import Base
from app.core.inventory import KEPT_FOR
from app.downloads.models import Download
from app.notify.enums import MessageState
from app.notify.models import Message
from app.privacy.events import ExpiredRemoved
from app.privacy.inventory import holdings

BATCH = 2000


def _over(model: type[Base], before: datetime) -> ColumnElement[bool]:
    """Whether a row had done its duty before that moment."""
    if model is UserSession:
        return func.coalesce(UserSession.ended_at, UserSession.expires_at) < before
    if model is Token:
        return or_(Token.used_at < before, Token.revoked_at < before, Token.expires_at < before)
    if model is SignInAttempt:
        return SignInAttempt.at < before
    if model is KeyChallenge:
        return KeyChallenge.expires_at < before
    if model is Delivery:
        return (Delivery.state == DeliveryState.DONE) & (Delivery.done_at < before)
    if model is Message:
        return (Message.state != MessageState.QUEUED) & (func.coalesce(Message.sent_at, Message.created_at) < before)
    if model is Download:
        return Download.ordered_at < before
    raise KeyError(model.__name__)


#: Every table whose retention has a number of days.
EXPIRING: dict[str, type[Base]] = {
    model.__tablename__: model for model in (UserSession, Token, KeyChallenge, SignInAttempt, Delivery, Message, Download)
}


def remove_expired(session: Session, *, table: str, actor: Actor, now: datetime) -> int:
    """Delete at most ``BATCH`` rows of the table that are past their time; how many. Records ExpiredRemoved when there were any."""
    model = EXPIRING[table]
    keep = next(row.keep for row in holdings() if row.table == table)
    key = model.__table__.c.id
    old = select(key).where(_over(model, now - KEPT_FOR[keep])).order_by(key).limit(BATCH)
    removed = len(session.scalars(delete(model).where(key.in_(old)).returning(key)).all())
    if removed:
        record(session, ExpiredRemoved(table, removed), actor=actor, now=now)
    return removed
