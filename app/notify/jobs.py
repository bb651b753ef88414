"""Sending in the background, and the sweep that finds what a lost worker left."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from flask import current_app
from huey import crontab

from app.core import clock
from app.core.db import db
from app.core.jobs import every, task
from app.core.uow import atomic
from app.settings.queries import settings

from .models import Message
from .operations import sending
from .operations.queueing import unsealed
from .transport import compose, transport_of
from .waking import WAKERS

log = logging.getLogger(__name__)


def wake(message_id: int) -> None:
    """Queue one attempt; losing this call is harmless, the sweep finds the message."""
    try:
        send_one(message_id)
    except Exception:  # noqa: BLE001 -- the queue may be down; the row is what counts
        log.warning("the queue did not take message %s; the sweep will", message_id)


@task()
def send_one(message_id: int) -> None:
    """Claim, send, mark: three steps, so that nothing slow happens inside a transaction."""
    with atomic() as session:
        message = sending.claim_message(session, message_id=message_id, now=clock.now())
    if message is None:
        return
    try:
        deliver(message)
    except Exception as error:  # noqa: BLE001 -- whatever the server says is kept and tried again
        with atomic() as session:
            sending.mark_failed(session, message_id=message_id, error=f"{type(error).__name__}: {error}", now=clock.now())
        return
    with atomic() as session:
        sending.mark_sent(session, message_id=message_id, now=clock.now())


def deliver(message: Message) -> None:
    """Hand the message to the transport of this installation."""
    config = current_app.extensions["jiebang"]
    values = settings(db.session)
    host = urlsplit(config.base_url).hostname or "localhost"
    text, html = unsealed(message)
    mail = compose(
        sender=values["mail_from"] or f"no-reply@{host}", sender_name=values["site_name"], to=message.email, subject=message.subject,
        text=text, html=html, headers={}, dedup=message.dedup, when=clock.now(), host=host,
    )  # fmt: skip
    transport_of(config.mail_url).send(mail)


@every(crontab(minute="*"))
def sweep() -> None:
    for message_id in sending.due_messages(db.session, now=clock.now()):
        send_one(message_id)


WAKERS.append(wake)
