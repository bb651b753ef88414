"""Panels and their seats."""

from __future__ import annotations

from datetime import datetime

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

from app.accounts.models import User
from app.calls.models import Stage
from app.core.db import Base, Identified
from app.core.types import enum_column
from app.judging.enums import SeatCategory, SeatState


class Panel(Identified, Base):
    """A group of judges for the entries of some calls in one stage."""

    __tablename__ = "panels"
    __table_args__ = (UniqueConstraint("stage_id", "name"), CheckConstraint("judges_per_entry >= 0", name="judges_not_negative"))

    stage_id: Mapped[int] = mapped_column(ForeignKey("stages.id"))
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    judges_per_entry: Mapped[int] = mapped_column(default=0)
    brief: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    stage: Mapped[Stage] = relationship()
    seats: Mapped[list[Seat]] = relationship(back_populates="panel", order_by="Seat.id")


class PanelCall(Base):
    """The panel judges this call's entries."""

    __tablename__ = "panel_calls"

    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id", ondelete="CASCADE"), primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id"), primary_key=True)


class SeatTrack(Base):
    """A track in which this judge is at home; entries carry a track by their call."""

    __tablename__ = "seat_tracks"

    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id", ondelete="CASCADE"), primary_key=True)
    track_id: Mapped[int] = mapped_column(ForeignKey("tracks.id"), primary_key=True)


class Seat(Identified, Base):
    """One judge's place. Nothing of the entries opens before the statement is signed."""

    __tablename__ = "seats"
    __table_args__ = (
        Index(
            "uq_seats_chair", "panel_id", unique=True,
            sqlite_where=text("is_chair = 1 AND state != 'removed'"), postgresql_where=text("is_chair AND state != 'removed'"),
        ),
        UniqueConstraint("panel_id", "email"),
        CheckConstraint("(state != 'accepted') OR (user_id IS NOT NULL AND statement_at IS NOT NULL)", name="accepted_is_signed"),
        CheckConstraint("load_limit > 0", name="load_is_some"),
    )  # fmt: skip

    panel_id: Mapped[int] = mapped_column(ForeignKey("panels.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254))
    unit: Mapped[str] = mapped_column(String(160), default="")
    category: Mapped[SeatCategory] = mapped_column(enum_column(SeatCategory), default=SeatCategory.TECHNICAL)
    is_chair: Mapped[bool] = mapped_column(default=False)
    load_limit: Mapped[int | None]
    state: Mapped[SeatState] = mapped_column(enum_column(SeatState), default=SeatState.PLANNED)
    invited_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    decline_reason: Mapped[str] = mapped_column(String(400), default="")
    statement_at: Mapped[datetime | None]
    statement_digest: Mapped[str | None] = mapped_column(String(64))
    last_active_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    panel: Mapped[Panel] = relationship(back_populates="seats")
    user: Mapped[User | None] = relationship()
