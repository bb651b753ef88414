"""Sending: claimed under a lease, tried outside the transaction, marked; retried with growing delay, dead in the end."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.audit.operations import record
from app.core.authz import SYSTEM
from app.notify.enums import MessageState
from app.notify.events import MessageDropped
from app.notify.models import Message
from app.notify.receivers import may_still_go
from app.settings.queries import setting

LEASE = timedelta(minutes=5)
FIRST_DELAY = timedelta(minutes=1)
MAX_ATTEMPTS = 8


def claim_message(session: Session, *, message_id: int, now: datetime) -> Message | None:
    """Take the message for one attempt; None when it is not due, gone, claimed by another, or all mail is held back.

    A receiver who has lost the right to it since gets nothing: it is dropped. Records MessageDropped. An account's mail goes to the
    address that it has now.
    """
    if setting(session, "mail_paused"):
        return None
    message = session.scalar(select(Message).where(Message.id == message_id).with_for_update().execution_options(populate_existing=True))
    if message is None or message.state != MessageState.QUEUED or message.due_at > now:
        return None
    if not may_still_go(session, message, now):
        _give_up(session, message, now)
        return None
    if message.user_id is not None:
        message.email = session.get_one(User, message.user_id).email
    message.attempts += 1
    message.due_at = now + LEASE
    return message


def _give_up(session: Session, message: Message, now: datetime) -> None:
    message.state, message.sealed = MessageState.DROPPED, None
    reason = _("The receiver has lost the right to it since it was written.")
    record(session, MessageDropped(message.id, message.edition_id, reason), actor=SYSTEM, now=now)


def mark_sent(session: Session, *, message_id: int, now: datetime) -> None:
    """The transport has taken it; the sealed secrets are thrown away."""
    message = session.get_one(Message, message_id, with_for_update=True)
    message.state, message.sent_at, message.sealed, message.last_error = MessageState.SENT, now, None, None


def mark_failed(session: Session, *, message_id: int, error: str, now: datetime) -> None:
    """Try again later; after the last attempt it is failed and shown to the administrator."""
    message = session.get_one(Message, message_id, with_for_update=True)
    message.last_error = error[:2000]
    message.due_at = now + FIRST_DELAY * 2 ** (message.attempts - 1)
    if message.attempts >= MAX_ATTEMPTS:
        message.state = MessageState.FAILED


def due_messages(session: Session, *, now: datetime, limit: int = 200) -> list[int]:
    """Ids of messages that should have gone by now, oldest first."""
    waiting = select(Message.id).where(Message.state == MessageState.QUEUED, Message.due_at <= now)
    return list(session.scalars(waiting.order_by(Message.id).limit(limit)))
