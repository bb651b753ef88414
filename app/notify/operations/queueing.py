"""Putting messages into the outbox, and what people decide about those that wait there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.audit.operations import record
from app.core.authz import Actor
from app.core.crypto import keys
from app.core.errors import DomainError
from app.core.uow import after_commit, lock
from app.notify import rendering, waking
from app.notify.enums import MessageState
from app.notify.events import BatchReleased, MessageDropped, MessageReleased, MessageRetried
from app.notify.models import Message
from app.settings.queries import settings

#: What our links carry: 43 characters, neither more nor fewer. They are kept encrypted until the mail has gone.
SECRET = re.compile(r"(?<![\w-])[A-Za-z0-9_-]{43}(?![\w-])")
PURPOSE = "message"
BLANK = "⟦{}⟧"
#: The places that sealed secrets leave in a text.
BLANKS = re.compile(r"⟦[^⟧]*⟧")


class NotAnAddress(DomainError):
    message = _l("This is not an e-mail address.")


class MessageGone(DomainError):
    message = _l("This message has left already, or was dropped.")


def queue_message(session: Session, *, template: str, to: User | str, locale: str, context: Mapping[str, Any], dedup: str, now: datetime,
                  rests_on: str, edition_id: int | None = None, batch: str | None = None, hold: bool = False,
                  link: str = "") -> Message:  # fmt: skip
    """One message to one person, rendered now in their language; the one that is already there under ``dedup`` is returned.

    ``rests_on`` names the right that the receiver must still have when it is sent (``notify.receivers``), OWNER where none can end.
    ``hold`` keeps it until somebody has read and released it. Secrets of links are sealed: no reader of the outbox sees them.
    """
    known = session.scalar(select(Message).where(Message.dedup == dedup[:160]))
    if known is not None:
        return known
    email = to.email if isinstance(to, User) else to.strip().casefold()
    if not re.fullmatch(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+", email):
        raise NotAnAddress
    values = settings(session)
    made = rendering.render(template, locale, context, site_name=values["site_name"], site_contact=values["site_contact"])
    text, html, sealed = _sealed(made.text, made.html)
    message = Message(
        dedup=dedup[:160], template=template, user_id=to.id if isinstance(to, User) else None, email=email, locale=locale,
        subject=made.subject, body_text=text, body_html=html, sealed=sealed, edition_id=edition_id, batch=batch,
        link="" if SECRET.search(link) else link[:400], rests_on=rests_on, state=MessageState.HELD if hold else MessageState.QUEUED,
        due_at=now, created_at=now,
    )  # fmt: skip
    session.add(message)
    session.flush()  # the queue needs the id
    if not hold:
        after_commit(session, waking.wake, message.id)
    return message


def release_batch(session: Session, *, batch: str, actor: Actor, now: datetime) -> int:
    """Let every held message of the batch go; returns how many. Records BatchReleased."""
    held = list(session.scalars(select(Message).where(Message.batch == batch, Message.state == MessageState.HELD).with_for_update()))
    for message in held:
        _go(session, message, now)
    if held:
        record(session, BatchReleased(held[0].id, batch, len(held), held[0].edition_id), actor=actor, now=now)
    return len(held)


def release_message(session: Session, *, message: Message, actor: Actor, now: datetime) -> None:
    """Let one held message go. Records MessageReleased."""
    lock(session, message)
    if message.state != MessageState.HELD:
        raise MessageGone
    _go(session, message, now)
    record(session, MessageReleased(message.id, message.edition_id), actor=actor, now=now)


def drop_message(session: Session, *, message: Message, reason: str, actor: Actor, now: datetime) -> None:
    """Keep a message from being sent; it stays readable in the outbox. Records MessageDropped."""
    lock(session, message)
    if message.state not in {MessageState.HELD, MessageState.QUEUED, MessageState.FAILED}:
        raise MessageGone
    message.state, message.sealed = MessageState.DROPPED, None
    record(session, MessageDropped(message.id, message.edition_id, reason), actor=actor, now=now)


def retry_message(session: Session, *, message: Message, actor: Actor, now: datetime) -> None:
    """Try a failed message again from the beginning. Records MessageRetried."""
    lock(session, message)
    if message.state != MessageState.FAILED:
        raise MessageGone
    message.attempts, message.last_error = 0, None
    _go(session, message, now)
    record(session, MessageRetried(message.id, message.edition_id), actor=actor, now=now)


def read_messages(session: Session, *, user_id: int, now: datetime) -> int:
    """Mark the person's messages as read in the inbox."""
    unread = select(Message).where(Message.user_id == user_id, Message.read_at.is_(None), Message.state == MessageState.SENT)
    rows = list(session.scalars(unread))
    for message in rows:
        message.read_at = now
    return len(rows)


def unsealed(message: Message) -> tuple[str, str]:
    """Both bodies with their secrets, for the transport only."""
    if message.sealed is None:
        return message.body_text, message.body_html
    text, html = message.body_text, message.body_html
    for number, secret in enumerate(msgspec.json.decode(keys.cipher.decrypt(message.sealed, PURPOSE))):
        text, html = text.replace(BLANK.format(number), secret), html.replace(BLANK.format(number), secret)
    return text, html


def _sealed(text: str, html: str) -> tuple[str, str, bytes | None]:
    secrets = sorted(set(SECRET.findall(text + " " + html)))
    for number, secret in enumerate(secrets):
        text, html = text.replace(secret, BLANK.format(number)), html.replace(secret, BLANK.format(number))
    return text, html, keys.cipher.encrypt(msgspec.json.encode(secrets).decode(), PURPOSE) if secrets else None


def _go(session: Session, message: Message, now: datetime) -> None:
    message.state, message.due_at = MessageState.QUEUED, now
    after_commit(session, waking.wake, message.id)
