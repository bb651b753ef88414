"""Stages with their rules, frozen as versions once judging opens, and the published rule dossier."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.calls.enums import StageKind, StageState
from app.calls.rules import StageRules
from app.core.db import Base, Identified, Versioned
from app.core.types import StructText, enum_column

from .editions import Edition


class Stage(Identified, Versioned, Base):
    """One step of an edition. ``rules`` is the working copy; judging uses the frozen ``rule_version``."""

    __tablename__ = "stages"
    __table_args__ = (
        UniqueConstraint("edition_id", "position"),
        CheckConstraint("closes_at > opens_at", name="window_in_order"),
        CheckConstraint(
            "(state = 'preparing') OR (rule_version_id IS NOT NULL) OR (kind = 'formal_check')",
            name="rules_when_open",
        ),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    position: Mapped[int]
    kind: Mapped[StageKind] = mapped_column(enum_column(StageKind))
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    state: Mapped[StageState] = mapped_column(enum_column(StageState), default=StageState.PREPARING)
    rules: Mapped[StageRules] = mapped_column(StructText(StageRules), default=StageRules)
    rule_version_id: Mapped[int | None] = mapped_column(ForeignKey("stage_rule_versions.id", use_alter=True))
    sealed_at: Mapped[datetime | None]
    edition: Mapped[Edition] = relationship()
    rule_version: Mapped[StageRuleVersion | None] = relationship(foreign_keys=[rule_version_id], post_update=True)


class StageRuleVersion(Identified, Base):
    """A stage's rules as they were in force from one moment on; never changed."""

    __tablename__ = "stage_rule_versions"
    __table_args__ = (UniqueConstraint("stage_id", "number"),)

    stage_id: Mapped[int] = mapped_column(ForeignKey("stages.id"))
    number: Mapped[int]
    rules: Mapped[StageRules] = mapped_column(StructText(StageRules))
    digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text, default="")
    frozen_at: Mapped[datetime]
    frozen_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class RuleDossier(Identified, Base):
    """The rules of an edition as one document that people can read, in both languages, with version and digest."""

    __tablename__ = "rule_dossiers"
    __table_args__ = (UniqueConstraint("edition_id", "number"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    number: Mapped[int]
    text_zh: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
