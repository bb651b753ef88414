"""The formal check of an entry, and the saved views of the entries table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Identified
from app.core.types import JSONText, enum_column
from app.entries.enums import CheckDecision


class FormalCheck(Identified, Base):
    """One decision of the formal check, with the checklist as it was ticked."""

    __tablename__ = "formal_checks"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("entry_versions.id"))
    decision: Mapped[CheckDecision] = mapped_column(enum_column(CheckDecision))
    checklist: Mapped[Any] = mapped_column(JSONText, default=list)
    reason: Mapped[str] = mapped_column(Text, default="")
    open_fields: Mapped[Any] = mapped_column(JSONText, default=list)
    due_at: Mapped[datetime | None]
    officer_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime]


class Exclusion(Identified, Base):
    """Taking an entry out, or back in: one person asks with a reason, another at the host decides."""

    __tablename__ = "exclusions"
    __table_args__ = (
        CheckConstraint("decided_by_id IS NULL OR decided_by_id != asked_by_id", name="two_persons"),
        Index(
            "uq_exclusions_pending", "entry_id", unique=True,
            sqlite_where=text("decided_at IS NULL"), postgresql_where=text("decided_at IS NULL"),
        ),
    )  # fmt: skip

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    action: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    agreed: Mapped[bool | None]


class SavedView(Identified, Base):
    """A person's named set of filters and columns."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("user_id", "edition_id", "name"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    name: Mapped[str] = mapped_column(String(80))
    parameters: Mapped[Any] = mapped_column(JSONText)
