"""A public notice and its published rows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Identified, Versioned
from app.core.types import JSONText, enum_column

from .enums import NoticeKind, NoticeState


class Notice(Identified, Versioned, Base):
    """What is made public and for how long. ``rows`` is the masked list exactly as published; it never changes."""

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="period_in_order"),
        CheckConstraint(
            "(state = 'draft') OR (published_at IS NOT NULL AND number IS NOT NULL)",
            name="number_when_published",
        ),
    )

    number: Mapped[str | None] = mapped_column(String(40), unique=True)
    kind: Mapped[NoticeKind] = mapped_column(enum_column(NoticeKind))
    state: Mapped[NoticeState] = mapped_column(enum_column(NoticeState), default=NoticeState.DRAFT)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"), index=True)
    subject_id: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    body_en: Mapped[str] = mapped_column(Text, default="")
    columns: Mapped[Any] = mapped_column(JSONText, default=list)
    rows: Mapped[Any] = mapped_column(JSONText, default=list)
    contact: Mapped[str] = mapped_column(String(200), default="")
    discipline_contact: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    working_days: Mapped[int] = mapped_column(default=5)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    digest: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
