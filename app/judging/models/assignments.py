"""Who scores what, why not, and how the plan came about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Identified
from app.core.types import JSONText, enum_column
from app.entries.models import Entry
from app.judging.enums import AssignmentState, ConflictSource

from .panels import Panel, Seat

LIVE = text("state = 'active'")


class Conflict(Identified, Base):
    """A judge must not score this entry; where it comes from is kept."""

    __tablename__ = "conflicts"
    __table_args__ = (UniqueConstraint("seat_id", "entry_id", "source"),)

    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    source: Mapped[ConflictSource] = mapped_column(enum_column(ConflictSource))
    reason: Mapped[str] = mapped_column(String(400), default="")
    found_at: Mapped[datetime]


class AssignmentPlan(Identified, Base):
    """One computed proposal: seed, parameters, pairs and quality, so that it can be repeated."""

    __tablename__ = "assignment_plans"

    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"), index=True)
    seed: Mapped[str] = mapped_column(String(80))
    parameters: Mapped[Any] = mapped_column(JSONText)
    pairs: Mapped[Any] = mapped_column(JSONText)
    report: Mapped[Any] = mapped_column(JSONText)
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    applied_at: Mapped[datetime | None]


class Assignment(Identified, Base):
    """One judge scores one entry in one stage."""

    __tablename__ = "assignments"
    __table_args__ = (
        Index("uq_assignments_judge", "stage_id", "entry_id", "judge_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        UniqueConstraint("seat_id", "entry_id"),
        CheckConstraint("(state = 'recused') = (recused_at IS NOT NULL)", name="recused_has_time"),
    )

    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"), index=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("stages.id"), index=True)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("assignment_plans.id"))
    judge_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  # as on the seat; a person may sit in two panels of a stage
    state: Mapped[AssignmentState] = mapped_column(enum_column(AssignmentState), default=AssignmentState.ACTIVE)
    position: Mapped[int] = mapped_column(default=0)
    assigned_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    recused_at: Mapped[datetime | None]
    recuse_reason: Mapped[str] = mapped_column(Text, default="")
    seat: Mapped[Seat] = relationship()
    panel: Mapped[Panel] = relationship()
    entry: Mapped[Entry] = relationship()
