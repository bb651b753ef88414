"""An ordered file: who ordered it, what for, how far it is, and until when it is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Identified
from app.core.types import JSONText, enum_column
from app.files.models import Blob

from .enums import DownloadState


class Download(Identified, Base):
    """``code`` (256 random bits) names it in addresses; it opens for its requester alone, while the rights are still there."""

    __tablename__ = "downloads"
    __table_args__ = (
        Index("ix_downloads_state", "state", "ordered_at"),
        CheckConstraint("(state = 'ready') = (blob_id IS NOT NULL)", name="ready_has_file"),
        CheckConstraint("(state != 'ready') OR (expires_at IS NOT NULL)", name="ready_expires"),
    )

    code: Mapped[str] = mapped_column(String(43), unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    params: Mapped[Any] = mapped_column(JSONText, default=dict)
    locale: Mapped[str] = mapped_column(String(10))
    requester_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"), index=True)
    state: Mapped[DownloadState] = mapped_column(enum_column(DownloadState), default=DownloadState.WAITING)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    blob_id: Mapped[int | None] = mapped_column(ForeignKey("blobs.id"), unique=True)
    failure: Mapped[str] = mapped_column(String(400), default="")
    ordered_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ready_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    blob: Mapped[Blob | None] = relationship()
