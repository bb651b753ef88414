"""The division matrix (track × group × region) and the calls it makes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.calls.enums import CallKind
from app.calls.rules import CallRules
from app.core.db import Base, Identified, Versioned
from app.core.types import StructText, enum_column
from app.dynforms.models import FormVersion

from .editions import Edition


class _Axis:
    """What track, group and region have in common."""

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)


class Track(Identified, _Axis, Base):
    """赛道; in a 揭榜领题赛 a topic with its sponsor."""

    __tablename__ = "tracks"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    sponsor: Mapped[str] = mapped_column(String(160), default="")


class EntryGroup(Identified, _Axis, Base):
    """组别."""

    __tablename__ = "entry_groups"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)


class Region(Identified, _Axis, Base):
    """赛区."""

    __tablename__ = "regions"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)


class Call(Identified, Versioned, Base):
    """What takes entries in a window, with a form, eligibility rules and a quota. Open from ``opens_at`` until before ``closes_at``."""

    __tablename__ = "calls"
    __table_args__ = (
        UniqueConstraint("edition_id", "code"),
        UniqueConstraint("edition_id", "track_id", "group_id", "region_id", name="uq_calls_cell"),
        CheckConstraint("closes_at > opens_at", name="window_in_order"),
        CheckConstraint("quota > 0", name="quota_is_some"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    kind: Mapped[CallKind] = mapped_column(enum_column(CallKind), default=CallKind.DIVISION)
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    track_id: Mapped[int | None] = mapped_column(ForeignKey("tracks.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("entry_groups.id"))
    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    quota: Mapped[int | None]
    form_version_id: Mapped[int | None] = mapped_column(ForeignKey("form_versions.id"))
    rules: Mapped[CallRules] = mapped_column(StructText(CallRules), default=CallRules)
    position: Mapped[int] = mapped_column(default=0)
    edition: Mapped[Edition] = relationship()
    track: Mapped[Track | None] = relationship()
    group: Mapped[EntryGroup | None] = relationship()
    region: Mapped[Region | None] = relationship()
    form_version: Mapped[FormVersion | None] = relationship()
