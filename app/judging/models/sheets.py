"""Score sheets: the current marks, every save as an appended row, signatures and re-openings."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.audit.models import append_only
from app.core.db import Base, Identified
from app.core.types import ExactNumeric, JSONText, enum_column
from app.judging.enums import SheetState

from .assignments import Assignment


class ScoreSheet(Identified, Base):
    """A judge's sheet for one entry, as it stands: the content is the save of number ``revision``; marks are written on signing.

    ``total`` is the exact weighted total in points, null while a criterion is missing.
    """

    __tablename__ = "score_sheets"
    __table_args__ = (
        CheckConstraint("(state = 'signed') = (signed_at IS NOT NULL)", name="signed_has_time"),
        CheckConstraint("(state != 'signed') OR (total IS NOT NULL)", name="signed_is_complete"),
        Index("ix_score_sheets_stage_state", "stage_id", "state"),
    )

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), unique=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("stages.id"))
    rule_version_id: Mapped[int] = mapped_column(ForeignKey("stage_rule_versions.id"))
    state: Mapped[SheetState] = mapped_column(enum_column(SheetState), default=SheetState.DRAFT)
    revision: Mapped[int] = mapped_column(default=0)
    total: Mapped[Decimal | None] = mapped_column(ExactNumeric(12, 6))
    comment: Mapped[str] = mapped_column(Text, default="")
    private_note: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    digest: Mapped[str | None] = mapped_column(String(64))
    receipt_code: Mapped[str | None] = mapped_column(String(20), unique=True)
    receipt: Mapped[Any | None] = mapped_column(JSONText)
    signature: Mapped[str | None] = mapped_column(String(120))
    assignment: Mapped[Assignment] = relationship()


class Mark(Base):
    """One mark of a signed sheet on one criterion, deduction or gate (1 yes, 0 no), in the rubric's points."""

    __tablename__ = "marks"
    __table_args__ = (CheckConstraint("value >= 0", name="not_negative"),)

    sheet_id: Mapped[int] = mapped_column(ForeignKey("score_sheets.id", ondelete="CASCADE"), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Decimal] = mapped_column(ExactNumeric(10, 4))
    comment: Mapped[str] = mapped_column(Text, default="")


class SheetSave(Identified, Base):
    """One acknowledged save: the truth behind the sheet, never changed (triggers). ``key`` makes a repeated request the same save."""

    __tablename__ = "sheet_saves"
    __table_args__ = (
        UniqueConstraint("sheet_id", "revision"),
        UniqueConstraint("sheet_id", "key"),
    )

    sheet_id: Mapped[int] = mapped_column(ForeignKey("score_sheets.id"))
    revision: Mapped[int]
    key: Mapped[str] = mapped_column(String(64))
    content: Mapped[Any] = mapped_column(JSONText)
    digest: Mapped[str] = mapped_column(String(64))
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class Reopening(Identified, Base):
    """A signed sheet is opened again, or struck (``strikes``): one person asks with a reason, another agrees. History stays."""

    __tablename__ = "reopenings"
    __table_args__ = (
        CheckConstraint("decided_by_id IS NULL OR decided_by_id != asked_by_id", name="two_persons"),
        Index(
            "uq_reopenings_pending", "sheet_id", unique=True,
            sqlite_where=text("decided_at IS NULL"), postgresql_where=text("decided_at IS NULL"),
        ),
    )  # fmt: skip

    sheet_id: Mapped[int] = mapped_column(ForeignKey("score_sheets.id"), index=True)
    strikes: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    agreed: Mapped[bool | None]
    remark: Mapped[str] = mapped_column(Text, default="")
    signed_content: Mapped[Any | None] = mapped_column(JSONText)


append_only("sheet_saves")
