"""A programme, its tiers, and the fast tracks that lead from awards into them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organization
from app.core.db import Base, Identified
from app.core.types import ExactNumeric, JSONText


class Program(Identified, Base):
    """人才计划 of an office. ``checks`` lists what is examined of every candidate (keys of ``talent.rules``)."""

    __tablename__ = "programs"
    __table_args__ = (UniqueConstraint("organization_id", "code"),)

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(160), default="")
    basis: Mapped[str] = mapped_column(Text, default="")
    checks: Mapped[Any] = mapped_column(JSONText, default=list)
    notice_days: Mapped[int] = mapped_column(default=5)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    organization: Mapped[Organization] = relationship()


class Tier(Identified, Base):
    """层次 of a programme with its support in 万元."""

    __tablename__ = "tiers"
    __table_args__ = (UniqueConstraint("program_id", "code"),)

    program_id: Mapped[int] = mapped_column(ForeignKey("programs.id"))
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    support_wan: Mapped[Decimal] = mapped_column(ExactNumeric(14, 4), default=Decimal(0))
    position: Mapped[int] = mapped_column(default=0)
    program: Mapped[Program] = relationship()


class FastTrack(Identified, Base):
    """直通: an award level of an edition leads to a tier and skips steps, for a time. It never skips eligibility, notice or landing."""

    __tablename__ = "fast_tracks"
    __table_args__ = (
        UniqueConstraint("edition_id", "award_key", "tier_id"),
        CheckConstraint("valid_months > 0", name="valid_some_time"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    award_key: Mapped[str] = mapped_column(String(40))
    tier_id: Mapped[int] = mapped_column(ForeignKey("tiers.id"))
    skips: Mapped[Any] = mapped_column(JSONText, default=list)
    valid_months: Mapped[int] = mapped_column(default=12)
    landing_months: Mapped[int] = mapped_column(default=12)
    basis: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None]
    tier: Mapped[Tier] = relationship()
