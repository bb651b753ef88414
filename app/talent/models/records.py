"""Selection records and their checks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Base, Identified, Versioned
from app.core.types import JSONText, enum_column
from app.entries.models import Entry
from app.notices.models import Notice
from app.results.models import Award
from app.talent.enums import CheckResult, RecordState

from .programs import FastTrack, Tier


class SelectionRecord(Identified, Versioned, Base):
    """入选记录: a person's way from an award into a programme tier."""

    __tablename__ = "selection_records"
    __table_args__ = (
        UniqueConstraint("award_id", "tier_id"),
        CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id != proposed_by_id",
            name="two_persons",
        ),
        CheckConstraint(
            "(state != 'confirmed') OR (confirmed_at IS NOT NULL AND notice_id IS NOT NULL)",
            name="confirmed_after_notice",
        ),
    )

    number: Mapped[str] = mapped_column(String(40), unique=True)
    tier_id: Mapped[int] = mapped_column(ForeignKey("tiers.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    award_id: Mapped[int | None] = mapped_column(ForeignKey("awards.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"), index=True)
    fast_track_id: Mapped[int | None] = mapped_column(ForeignKey("fast_tracks.id"))
    person_name: Mapped[str] = mapped_column(String(80))
    unit: Mapped[str] = mapped_column(String(160), default="")
    state: Mapped[RecordState] = mapped_column(enum_column(RecordState), default=RecordState.PROPOSED)
    skips: Mapped[Any] = mapped_column(JSONText, default=list)
    valid_until: Mapped[date]
    land_until: Mapped[date]
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notices.id"))
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    closed_reason: Mapped[str] = mapped_column(Text, default="")
    tier: Mapped[Tier] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])
    award: Mapped[Award | None] = relationship()
    entry: Mapped[Entry | None] = relationship()
    fast_track: Mapped[FastTrack | None] = relationship()
    notice: Mapped[Notice | None] = relationship()


class SelectionCheck(Identified, Base):
    """One check of a record: automatic from the entry's answers, or by an officer with a reason."""

    __tablename__ = "selection_checks"
    __table_args__ = (
        UniqueConstraint("record_id", "kind"),
        CheckConstraint("(result != 'waived') OR (reason != '')", name="waiver_has_reason"),
    )

    record_id: Mapped[int] = mapped_column(ForeignKey("selection_records.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    is_automatic: Mapped[bool] = mapped_column(default=False)
    result: Mapped[CheckResult] = mapped_column(enum_column(CheckResult), default=CheckResult.PENDING)
    reason: Mapped[str] = mapped_column(Text, default="")
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    position: Mapped[int] = mapped_column(default=0)
