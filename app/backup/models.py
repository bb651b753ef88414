"""Restorations: what makes a database know that it is a copy."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Identified


class Restoration(Identified, Base):
    """This database came out of a backup. Until ``opened_at`` it rests: nothing is written, sent, drawn or signed (``core.resting``)."""

    __tablename__ = "restorations"
    __table_args__ = (CheckConstraint("opened_at IS NULL OR opened_at >= restored_at", name="opened_after"),)

    archive: Mapped[str] = mapped_column(String(200))
    taken_at: Mapped[datetime]
    restored_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
