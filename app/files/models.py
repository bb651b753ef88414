"""Blobs: what was stored, when, by whom, with which digest."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Identified
from app.core.types import enum_column

from .enums import ScanState


class Blob(Identified, Base):
    """One stored object. ``key`` is made by the server; the person's file name is only metadata."""

    __tablename__ = "blobs"

    key: Mapped[str] = mapped_column(String(80), unique=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    content_type: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(255))
    pages: Mapped[int | None]
    scan: Mapped[ScanState] = mapped_column(enum_column(ScanState), default=ScanState.CLEAN)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    stored_at: Mapped[datetime]
