"""Requests for the erasure of one's personal data."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Base, Identified
from app.core.types import JSONText, enum_column

from .enums import ErasureState

_OPEN = text("state IN ('requested', 'proposed')")


class ErasureRequest(Identified, Base):
    """One request. ``digest`` is of what the first administrator saw; ``removed`` counts what went, by kind."""

    __tablename__ = "erasure_requests"
    __table_args__ = (
        CheckConstraint("decided_by_id IS NULL OR prepared_by_id IS NULL OR decided_by_id != prepared_by_id", name="two_persons"),
        CheckConstraint("(state != 'done') OR (prepared_by_id IS NOT NULL AND decided_by_id IS NOT NULL)", name="done_by_two"),
        Index("uq_erasure_requests_open", "user_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    state: Mapped[ErasureState] = mapped_column(enum_column(ErasureState), default=ErasureState.REQUESTED)
    reason: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    prepared_at: Mapped[datetime | None]
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    digest: Mapped[str] = mapped_column(String(64), default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    remark: Mapped[str] = mapped_column(Text, default="")
    removed: Mapped[Any] = mapped_column(JSONText, default=dict)
    user: Mapped[User] = relationship(foreign_keys=[user_id])
