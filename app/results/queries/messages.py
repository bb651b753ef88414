"""The messages of a run."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.notify.models import Message

PAGE = 50


def messages_of(session: Session, batch: str, *, number: int = 1) -> list[Message]:
    """One page of the batch, oldest first."""
    wanted = select(Message).where(Message.batch == batch).order_by(Message.id)
    return list(session.scalars(wanted.limit(PAGE).offset((number - 1) * PAGE)))


def counts_of(session: Session, batch: str) -> dict[str, int]:
    """Messages of the batch by state."""
    rows = session.execute(select(Message.state, func.count()).where(Message.batch == batch).group_by(Message.state)).all()
    return {str(state): int(count) for state, count in rows}


def message_in(session: Session, batch: str, message_id: int) -> Message | None:
    return session.scalar(select(Message).where(Message.id == message_id, Message.batch == batch))
