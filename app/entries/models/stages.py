"""Which entries take part in which stage, and the copy that blind judges see."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Identified
from app.core.types import JSONText

from .entries import Entry


class StageEntry(Identified, Base):
    """An accepted entry takes part in a stage: the first one on acceptance, later ones through a released result run."""

    __tablename__ = "stage_entries"
    __table_args__ = (UniqueConstraint("stage_id", "entry_id"),)

    stage_id: Mapped[int] = mapped_column(ForeignKey("stages.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    source_run_id: Mapped[int | None] = mapped_column(ForeignKey("result_runs.id"))
    draw_order: Mapped[int | None]
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    left_reason: Mapped[str] = mapped_column(String(400), default="")
    entry: Mapped[Entry] = relationship()


class BlindCopy(Identified, Base):
    """What judges may see of one handed-in version: hidden answers left out, names replaced, files under server-made names."""

    __tablename__ = "blind_copies"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), unique=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("entry_versions.id"))
    title: Mapped[str] = mapped_column(String(200))
    content: Mapped[Any] = mapped_column(JSONText)
    findings: Mapped[Any] = mapped_column(JSONText, default=list)
    undecided: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]


class BlindFile(Base):
    """A cleaned file of a blind copy, and the file that the team sent for it when it was asked for another one.

    The copy's content names both; this row is what keeps them from being swept as unused.
    """

    __tablename__ = "blind_files"

    copy_id: Mapped[int] = mapped_column(ForeignKey("blind_copies.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    blob_id: Mapped[int | None] = mapped_column(ForeignKey("blobs.id"), unique=True)
    sent_blob_id: Mapped[int | None] = mapped_column(ForeignKey("blobs.id"), index=True)
