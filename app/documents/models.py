"""Document numbers without gaps, verification codes, seals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Identified
from app.core.types import JSONText


class NumberSeries(Base):
    """The last number given out in a series such as ``certificate:2026``."""

    __tablename__ = "number_series"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class VerificationCode(Identified, Base):
    """What a stranger may check: a random code, what it stands for, and whether it still holds."""

    __tablename__ = "verification_codes"
    __table_args__ = (UniqueConstraint("kind", "subject_id"),)

    code: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int]
    facts: Mapped[Any] = mapped_column(JSONText, default=dict)
    digest: Mapped[str] = mapped_column(String(64), default="")
    issued_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str] = mapped_column(String(400), default="")


class Seal(Identified, Base):
    """An organization's seal image for certificates and notices."""

    __tablename__ = "seals"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), unique=True)
    blob_id: Mapped[int] = mapped_column(ForeignKey("blobs.id"))
    added_at: Mapped[datetime]
