"""A result run: a pure function of frozen rules and signed sheets, stored with inputs, output and digest."""

from __future__ import annotations

from datetime import datetime
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

from app.calls.models import Call, Stage
from app.core.db import Base, Identified
from app.core.types import JSONText, enum_column
from app.entries.models import Entry
from app.results.enums import RunState


class ResultRun(Identified, Base):
    """One computation for one call in one stage. Inputs, output and digest never change.

    ``summary`` is what stands above the table (engine.Summary), so that a page of it need not read the whole output.
    """

    __tablename__ = "result_runs"
    __table_args__ = (
        UniqueConstraint("stage_id", "call_id", "number"),
        Index(
            "uq_result_runs_released", "stage_id", "call_id", unique=True,
            sqlite_where=text("state = 'released'"), postgresql_where=text("state = 'released'"),
        ),
        CheckConstraint("released_by_id IS NULL OR released_by_id != proposed_by_id", name="two_persons"),
        CheckConstraint("(state NOT IN ('released')) OR (released_at IS NOT NULL)", name="released_has_time"),
    )  # fmt: skip

    stage_id: Mapped[int] = mapped_column(ForeignKey("stages.id"))
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    number: Mapped[int]
    rule_version_id: Mapped[int] = mapped_column(ForeignKey("stage_rule_versions.id"))
    state: Mapped[RunState] = mapped_column(enum_column(RunState), default=RunState.COMPUTED)
    inputs: Mapped[Any] = mapped_column(JSONText)
    output: Mapped[Any] = mapped_column(JSONText)
    summary: Mapped[Any] = mapped_column(JSONText)
    digest: Mapped[str] = mapped_column(String(64))
    engine: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text, default="")
    computed_at: Mapped[datetime]
    computed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    proposed_at: Mapped[datetime | None]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notices.id"))
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("result_runs.id"))
    stage: Mapped[Stage] = relationship()
    call: Mapped[Call] = relationship()


class Standing(Identified, Base):
    """One entry's place in a run. ``score`` is as printed; ``detail`` holds the trace: totals, dropped marks, sentences."""

    __tablename__ = "standings"
    __table_args__ = (
        UniqueConstraint("run_id", "entry_id"),
        Index("ix_standings_run_rank", "run_id", "rank"),
        Index("ix_standings_run_position", "run_id", "position"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("result_runs.id", ondelete="CASCADE"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    position: Mapped[int]
    rank: Mapped[int | None]
    score: Mapped[str | None] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), default="ok")
    advances: Mapped[bool] = mapped_column(default=False)
    award_key: Mapped[str | None] = mapped_column(String(40))
    detail: Mapped[Any] = mapped_column(JSONText, default=dict)
    run: Mapped[ResultRun] = relationship()
    entry: Mapped[Entry] = relationship()


class RunAnalysis(Base):
    """How far a run can be trusted (engine.figures.Analysis), worked out in the background. It can be made again at any time."""

    __tablename__ = "run_analyses"

    run_id: Mapped[int] = mapped_column(ForeignKey("result_runs.id", ondelete="CASCADE"), primary_key=True)
    format: Mapped[str] = mapped_column(String(40))
    content: Mapped[Any] = mapped_column(JSONText)
    made_at: Mapped[datetime]
