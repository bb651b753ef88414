"""Who works on which periodic job, and for which moment of its timetable it was done last."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class JobLease(Base):
    """One periodic job. ``due_at`` is the moment of the timetable that was taken up last; ``done_at`` is missing while it is not done."""

    __tablename__ = "job_leases"
    __table_args__ = (CheckConstraint("(holder IS NULL) = (held_until IS NULL)", name="held_by_somebody"),)

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    due_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    holder: Mapped[str | None] = mapped_column(String(40))
    held_until: Mapped[datetime | None]
