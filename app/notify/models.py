"""The outbox."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Identified
from app.core.types import enum_column

from .enums import MessageState


class Message(Identified, Base):
    """One mail to one person, rendered in their language. ``dedup`` makes sending it twice impossible.

    Secrets of links are not in the bodies but encrypted in ``sealed``, until the message has gone.
    """

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_due", "state", "due_at"),
        Index("ix_messages_unread", "user_id", sqlite_where=text("read_at IS NULL"), postgresql_where=text("read_at IS NULL")),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_when_sent"),
    )

    dedup: Mapped[str] = mapped_column(String(160), unique=True)
    template: Mapped[str] = mapped_column(String(120))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(200))
    body_text: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text, default="")
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"), index=True)
    batch: Mapped[str | None] = mapped_column(String(80), index=True)
    link: Mapped[str] = mapped_column(String(400), default="")
    rests_on: Mapped[str] = mapped_column(String(60), default="")  # see receivers
    state: Mapped[MessageState] = mapped_column(enum_column(MessageState), default=MessageState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]


class MessageEdit(Identified, Base):
    """What a held message said before somebody mended its words."""

    __tablename__ = "message_edits"

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), index=True)
    subject: Mapped[str] = mapped_column(String(200))
    body_text: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(String(1000))
    edited_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    edited_at: Mapped[datetime]
