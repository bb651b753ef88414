"""Alarms that people must look at, and the moments at which the clock was last seen right."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.enums import AlarmKind
from app.core.db import Base, Identified
from app.core.types import enum_column


class Alarm(Identified, Base):
    """Something is wrong with the record itself: one open row a thing (``kind``, ``key``), until people close it.

    A broken chain needs two persons: one asks to close the alarm with a reason, another one agrees.
    """

    __tablename__ = "alarms"
    __table_args__ = (
        Index("uq_alarms_open", "kind", "key", unique=True, sqlite_where=text("closed_at IS NULL"),
              postgresql_where=text("closed_at IS NULL")),
        CheckConstraint("closed_at IS NULL OR reason <> ''", name="reason_when_closed"),
        CheckConstraint("closed_by_id IS NULL OR asked_by_id IS NULL OR closed_by_id != asked_by_id", name="two_persons"),
    )  # fmt: skip

    kind: Mapped[AlarmKind] = mapped_column(enum_column(AlarmKind))
    key: Mapped[str] = mapped_column(String(80))
    edition_id: Mapped[int | None] = mapped_column(index=True)
    detail: Mapped[str] = mapped_column(Text)
    raised_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(Text, default="")


class ClockMark(Base):
    """What the clock of one machine showed, beside how long that machine had been running: the two must go on together."""

    __tablename__ = "clock_marks"

    boot: Mapped[str] = mapped_column(String(64), primary_key=True)
    wall: Mapped[datetime]
    uptime: Mapped[int] = mapped_column(BigInteger)
