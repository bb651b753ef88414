"""Reading the outbox: one person's inbox, an edition's messages, everything for the administrator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.queries import counted_with_session

from .enums import MessageState
from .models import Message, MessageEdit

PAGE = 50


@dataclass(frozen=True)
class Filters:
    """What a list of messages is narrowed to; None: everything."""

    state: MessageState | None = None
    search: str = ""
    edition_id: int | None = None
    batch: str = ""


def inbox(session: Session, user_id: int, page: int = 1) -> tuple[list[Message], int]:
    """What has been sent to the person, the newest first, and how many there are."""
    mine = select(Message).where(Message.user_id == user_id, Message.state == MessageState.SENT)
    return _page(session, mine, page)


def inbox_message(session: Session, user_id: int, message_id: int) -> Message | None:
    """One message of the person's own."""
    return session.scalar(select(Message).where(Message.id == message_id, Message.user_id == user_id, Message.state == MessageState.SENT))


@counted_with_session("unread")
def _unread_of_user() -> Any:
    mine = (Message.user_id == User.id) & Message.read_at.is_(None) & (Message.state == MessageState.SENT)
    return select(func.count(Message.id)).where(mine).correlate(User).scalar_subquery()


def unread_count(session: Session, user_id: int) -> int:
    waiting = select(func.count(Message.id)).where(
        Message.user_id == user_id, Message.read_at.is_(None), Message.state == MessageState.SENT
    )
    return session.scalar(waiting) or 0


def outbox(session: Session, filters: Filters, page: int = 1) -> tuple[list[Message], int]:
    """Messages that match, the newest first, and how many there are."""
    return _page(session, _matching(select(Message), filters), page)


def state_counts(session: Session, edition_id: int | None = None) -> dict[MessageState, int]:
    """How many messages are in each state."""
    counting = select(Message.state, func.count(Message.id)).group_by(Message.state)
    if edition_id is not None:
        counting = counting.where(Message.edition_id == edition_id)
    return dict(session.execute(counting).all())


def held_batches(session: Session, edition_id: int | None = None) -> list[tuple[str, int, str]]:
    """Batches that wait to be released: name, how many, the first subject."""
    waiting = select(Message.batch, func.count(Message.id), func.min(Message.subject)).where(
        Message.state == MessageState.HELD, Message.batch.is_not(None)
    )
    if edition_id is not None:
        waiting = waiting.where(Message.edition_id == edition_id)
    return [(str(batch), count, subject) for batch, count, subject in session.execute(waiting.group_by(Message.batch))]


def edits_of(session: Session, message: Message) -> list[tuple[MessageEdit, str]]:
    """What the message said before each change, oldest first, with the name of who changed it."""
    named = select(MessageEdit, User.name).outerjoin(User, User.id == MessageEdit.edited_by_id)
    rows = session.execute(named.where(MessageEdit.message_id == message.id).order_by(MessageEdit.id))
    return [(edit, name or "") for edit, name in rows]


def _matching(wanted: Select[Any], filters: Filters) -> Select[Any]:
    if filters.state is not None:
        wanted = wanted.where(Message.state == filters.state)
    if filters.edition_id is not None:
        wanted = wanted.where(Message.edition_id == filters.edition_id)
    if filters.batch:
        wanted = wanted.where(Message.batch == filters.batch)
    if filters.search:
        wanted = wanted.where(
            Message.email.contains(filters.search.casefold(), autoescape=True) | Message.subject.contains(filters.search, autoescape=True)
        )
    return wanted


def _page(session: Session, wanted: Select[Any], page: int) -> tuple[list[Message], int]:
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = session.scalars(wanted.order_by(Message.id.desc()).limit(PAGE).offset((max(1, page) - 1) * PAGE))
    return list(rows), total
