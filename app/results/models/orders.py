"""A large result that was asked for and is computed in the background."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.calls.models import Call, Stage
from app.core.db import Base, Identified
from app.core.types import enum_column
from app.results.enums import OrderState

_OPEN = text("state IN ('waiting', 'running')")


class ResultOrder(Identified, Base):
    """How far a computation is and what became of it; one at a time for a call of a stage. ``step`` counts the steps begun."""

    __tablename__ = "result_orders"
    __table_args__ = (
        Index("uq_result_orders_open", "stage_id", "call_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint("(state = 'done') = (run_id IS NOT NULL)", name="done_has_run"),
    )

    stage_id: Mapped[int] = mapped_column(ForeignKey("stages.id"))
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    requester_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    requester_role: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[OrderState] = mapped_column(enum_column(OrderState), default=OrderState.WAITING)
    step: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str] = mapped_column(String(400), default="")
    ordered_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("result_runs.id"))
    stage: Mapped[Stage] = relationship()
    call: Mapped[Call] = relationship()
