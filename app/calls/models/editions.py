"""A series and its editions, with what is told to the public around them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organization
from app.calls.enums import EditionKind, EditionState
from app.calls.rules import EditionRules
from app.core.clock import DEFAULT_ZONE
from app.core.db import Base, Identified, Versioned
from app.core.types import JSONText, StructText, enum_column


class Series(Identified, Base):
    """What comes back every year under one name."""

    __tablename__ = "series"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    name: Mapped[str] = mapped_column(String(160))
    name_en: Mapped[str] = mapped_column(String(160), default="")
    created_at: Mapped[datetime]


class Edition(Identified, Versioned, Base):
    """One contest, list or batch: it owns stages, calls, staff, timeline and rule dossier. ``code`` is its public name."""

    __tablename__ = "editions"

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), index=True)
    kind: Mapped[EditionKind] = mapped_column(enum_column(EditionKind), default=EditionKind.CONTEST)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(160))
    title_en: Mapped[str] = mapped_column(String(160), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    summary_en: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text, default="")
    body_en: Mapped[str] = mapped_column(Text, default="")
    host_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    organizer_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    zone: Mapped[str] = mapped_column(String(40), default=DEFAULT_ZONE)
    preset: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[EditionState] = mapped_column(enum_column(EditionState), default=EditionState.DRAFT, index=True)
    rules: Mapped[EditionRules] = mapped_column(StructText(EditionRules), default=EditionRules)
    contacts: Mapped[Any] = mapped_column(JSONText, default=list)
    faq: Mapped[Any] = mapped_column(JSONText, default=list)
    cloned_from_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"))
    frozen_at: Mapped[datetime | None]
    frozen_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    frozen_reason: Mapped[str] = mapped_column(Text, default="")
    finished_at: Mapped[datetime | None]
    access_ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    published_at: Mapped[datetime | None]
    series: Mapped[Series] = relationship()
    host: Mapped[Organization] = relationship(foreign_keys=[host_id])
    organizer: Mapped[Organization] = relationship(foreign_keys=[organizer_id])


class Approval(Identified, Base):
    """A step that needs a second person: what was asked, on which state of the thing, and what was decided."""

    __tablename__ = "approvals"
    __table_args__ = (CheckConstraint("approved IS NOT TRUE OR decided_by_id != asked_by_id", name="two_persons"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text, default="")
    payload: Mapped[Any] = mapped_column(JSONText, default=dict)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    approved: Mapped[bool | None]
    remark: Mapped[str] = mapped_column(Text, default="")


class Announcement(Identified, Base):
    """News on the contest page."""

    __tablename__ = "announcements"

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    title: Mapped[str] = mapped_column(String(160))
    title_en: Mapped[str] = mapped_column(String(160), default="")
    body: Mapped[str] = mapped_column(Text)
    body_en: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class EditionFile(Identified, Base):
    """A file offered on the contest page."""

    __tablename__ = "edition_files"

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    blob_id: Mapped[int] = mapped_column(ForeignKey("blobs.id"))
    title: Mapped[str] = mapped_column(String(160))
    position: Mapped[int] = mapped_column(default=0)
