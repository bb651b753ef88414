"""Witnesses outside the house, and which checkpoint was sent to whom."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.audit.models import Checkpoint
from app.core.db import Base, Identified
from app.notify.models import Message

_OF_EDITION = text("removed_at IS NULL AND edition_id IS NOT NULL")
_OF_SITE = text("removed_at IS NULL AND edition_id IS NULL")


class Witness(Identified, Base):
    """An address that gets the checkpoints of one edition, or of every chain (``edition_id`` None)."""

    __tablename__ = "witnesses"
    __table_args__ = (
        Index("uq_witnesses_edition", "edition_id", "email", unique=True, sqlite_where=_OF_EDITION, postgresql_where=_OF_EDITION),
        Index("uq_witnesses_site", "email", unique=True, sqlite_where=_OF_SITE, postgresql_where=_OF_SITE),
    )

    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"))
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    added_at: Mapped[datetime]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    removed_at: Mapped[datetime | None]


class CheckpointCopy(Identified, Base):
    """One checkpoint on its way to one address; the mail tells whether it left, as long as it is kept."""

    __tablename__ = "checkpoint_copies"
    __table_args__ = (UniqueConstraint("checkpoint_id", "email"),)

    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoints.id"))
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id", ondelete="SET NULL"))
    checkpoint: Mapped[Checkpoint] = relationship()
    message: Mapped[Message | None] = relationship()
