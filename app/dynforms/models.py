"""A form and its versions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Identified, Versioned
from app.core.types import StructText

from .schema import FormSchema


class FormDefinition(Identified, Versioned, Base):
    """A form of an organization; editions use one of its published versions."""

    __tablename__ = "form_definitions"

    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]
    versions: Mapped[list[FormVersion]] = relationship(back_populates="definition", order_by="FormVersion.number")


class FormVersion(Identified, Base):
    """One version. A draft may change; once published it never does, and entries keep theirs."""

    __tablename__ = "form_versions"
    __table_args__ = (
        UniqueConstraint("definition_id", "number"),
        CheckConstraint("(published_at IS NULL) = (digest IS NULL)", name="digest_when_published"),
    )

    definition_id: Mapped[int] = mapped_column(ForeignKey("form_definitions.id"))
    number: Mapped[int]
    schema: Mapped[FormSchema] = mapped_column(StructText(FormSchema))
    digest: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    definition: Mapped[FormDefinition] = relationship(back_populates="versions")
