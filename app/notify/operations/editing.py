"""Mending the words of a message that waits to be released. What it said before is kept."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.core.authz import Actor
from app.core.errors import DomainError
from app.core.uow import lock
from app.notify.enums import MessageState
from app.notify.events import MessageEdited
from app.notify.models import Message, MessageEdit
from app.notify.rendering import inert, joined, parted

from .queueing import BLANKS, MessageGone


class LinkLost(DomainError):
    message = _l("The personal link of this mail must stay as it is; its place is marked ⟦…⟧.")


class EmptyMessage(DomainError):
    message = _l("A mail needs a subject and a text.")


class NothingChanged(DomainError):
    message = _l("Nothing has been changed.")


def edit_message(session: Session, *, message: Message, subject: str, letter: str, reason: str, actor: Actor, now: datetime) -> MessageEdit:
    """Put other words into a held message; returns what it said before.

    ``letter`` is the text above the fixed end that says who sends the mail; the end stays. The places of sealed links must all
    be there and no others: they belong to the receiver alone. Addresses of other sites are taken apart, as everywhere in mails.
    Records MessageEdited. Raises MessageGone, EmptyMessage, LinkLost or NothingChanged.
    """
    lock(session, message)
    if message.state != MessageState.HELD:
        raise MessageGone
    subject, letter = " ".join(subject.split()), letter.strip()
    if not subject or not letter:
        raise EmptyMessage
    if sorted(BLANKS.findall(subject + letter)) != sorted(BLANKS.findall(parted(message.body_text)[0])):
        raise LinkLost
    text = joined(inert(letter), parted(message.body_text)[1])
    if (subject, text) == (message.subject, message.body_text):
        raise NothingChanged
    before = MessageEdit(
        message_id=message.id, subject=message.subject, body_text=message.body_text, body_html=message.body_html,
        reason=reason, edited_by_id=actor.user_id, edited_at=now,
    )  # fmt: skip
    session.add(before)
    message.subject, message.body_text, message.body_html = inert(subject), text, ""  # the HTML part would still say the old words
    record(session, MessageEdited(message.id, message.edition_id, reason), actor=actor, now=now)
    return before
