"""Awards and their certificates."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Identified
from app.core.types import ExactNumeric, enum_column
from app.entries.models import Entry
from app.results.enums import AwardState, CertificateState

from .runs import ResultRun


class Award(Identified, Base):
    """A prize granted by a released run."""

    __tablename__ = "awards"
    __table_args__ = (
        UniqueConstraint("run_id", "entry_id"),
        CheckConstraint("(state = 'revoked') = (revoked_at IS NOT NULL)", name="revoked_has_time"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("result_runs.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    level_key: Mapped[str] = mapped_column(String(40))
    level_name: Mapped[str] = mapped_column(String(80))
    level_name_en: Mapped[str] = mapped_column(String(80), default="")
    rank: Mapped[int]
    prize_wan: Mapped[Decimal] = mapped_column(ExactNumeric(14, 4), default=Decimal(0))
    state: Mapped[AwardState] = mapped_column(enum_column(AwardState), default=AwardState.GRANTED)
    granted_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str] = mapped_column(Text, default="")
    entry: Mapped[Entry] = relationship()
    run: Mapped[ResultRun] = relationship()


class Certificate(Identified, Base):
    """A numbered certificate of an award; a correction revokes it and issues another."""

    __tablename__ = "certificates"

    award_id: Mapped[int] = mapped_column(ForeignKey("awards.id"), index=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    code_id: Mapped[int | None] = mapped_column(ForeignKey("verification_codes.id"))
    locale: Mapped[str] = mapped_column(String(10), default="zh_CN")
    holder: Mapped[str] = mapped_column(String(400))
    title: Mapped[str] = mapped_column(String(200))
    blob_id: Mapped[int | None] = mapped_column(ForeignKey("blobs.id"))
    state: Mapped[CertificateState] = mapped_column(enum_column(CertificateState), default=CertificateState.ISSUED)
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str] = mapped_column(Text, default="")
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"))
    award: Mapped[Award] = relationship()
