"""An entry, its working draft, its handed-in versions, its files and its way through the states."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organization, User
from app.calls.models import Call
from app.core.db import Base, Identified
from app.core.types import JSONText, SealedJSON, enum_column
from app.dynforms.models import FormVersion
from app.entries.enums import EntryAction, EntryState
from app.files.models import Blob

#: Begun under the rule that a person leads one entry of the edition: the database refuses a second, also by a hand-over.
ONE_EACH = text("is_only_one AND state != 'withdrawn'")


class Entry(Identified, Base):
    """What a team hands in to a call. ``code`` names it to its team, ``public_code`` (random, given at acceptance) to everybody else.

    ``answers`` is the working draft; what counts is the version ``current_version_id`` points to.
    """

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("edition_id", "public_code"),
        CheckConstraint(
            "(state IN ('draft', 'withdrawn')) OR (submitted_at IS NOT NULL)",
            name="submitted_has_time",
        ),
        CheckConstraint(
            "(state NOT IN ('accepted', 'disqualified')) OR (public_code IS NOT NULL)",
            name="accepted_has_code",
        ),
        Index("ix_entries_call_state", "call_id", "state"),
        Index("ix_entries_edition_state", "edition_id", "state"),
        # What counts and sorts of an edition's list read, without the answers that make an entry long.
        Index("ix_entries_listing", "edition_id", "call_id", "state", "submitted_at", "score_shown"),
        Index("uq_entries_only_one", "edition_id", "leader_id", unique=True, sqlite_where=ONE_EACH, postgresql_where=ONE_EACH),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    code: Mapped[str] = mapped_column(String(12), unique=True)
    public_code: Mapped[str | None] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(200), default="")
    sort_key: Mapped[str] = mapped_column(String(400), default="")
    state: Mapped[EntryState] = mapped_column(enum_column(EntryState), default=EntryState.DRAFT)
    leader_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    unit_name: Mapped[str] = mapped_column(String(160), default="")
    unit_uscc: Mapped[str | None] = mapped_column(String(18), index=True)
    area_code: Mapped[str | None] = mapped_column(String(6))
    form_version_id: Mapped[int] = mapped_column(ForeignKey("form_versions.id"))
    answers: Mapped[Any] = mapped_column(SealedJSON("entries.answers"), default=dict)
    eligibility: Mapped[Any] = mapped_column(JSONText, default=dict)
    revision: Mapped[int] = mapped_column(default=1)
    current_version_id: Mapped[int | None] = mapped_column(ForeignKey("entry_versions.id", use_alter=True))
    submitted_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    open_fields: Mapped[Any] = mapped_column(JSONText, default=list)
    score_shown: Mapped[str | None] = mapped_column(String(20))
    is_only_one: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    call: Mapped[Call] = relationship()
    leader: Mapped[User] = relationship()
    organization: Mapped[Organization | None] = relationship()
    form_version: Mapped[FormVersion] = relationship()
    current_version: Mapped[EntryVersion | None] = relationship(foreign_keys=[current_version_id], viewonly=True)


class EntryVersion(Identified, Base):
    """An entry as it was handed in: answers, files with digests, members. Never changed; the receipt signs its digest."""

    __tablename__ = "entry_versions"
    __table_args__ = (UniqueConstraint("entry_id", "number"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"))
    number: Mapped[int]
    form_version_id: Mapped[int] = mapped_column(ForeignKey("form_versions.id"))
    content: Mapped[Any] = mapped_column(SealedJSON("entry_versions.content"))
    digest: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime]
    submitted_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    receipt_code: Mapped[str] = mapped_column(String(20), unique=True)
    receipt: Mapped[Any] = mapped_column(JSONText)
    signature: Mapped[str] = mapped_column(String(120))
    key_id: Mapped[str] = mapped_column(String(16))
    form_version: Mapped[FormVersion] = relationship()
    submitted_by: Mapped[User] = relationship()


class EntryFile(Identified, Base):
    """A file in a field of an entry; replaced files stay as history."""

    __tablename__ = "entry_files"
    __table_args__ = (Index("ix_entry_files_current", "entry_id", "field_key", "replaced_at"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"))
    field_key: Mapped[str] = mapped_column(String(60))
    blob_id: Mapped[int] = mapped_column(ForeignKey("blobs.id"))
    position: Mapped[int] = mapped_column(default=0)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    blob: Mapped[Blob] = relationship()


class EditionRoom(Base):
    """How many bytes the files of all entries of an edition take, earlier ones included: counted as they come, so that an upload
    need not add up what thousands of others sent.
    """

    __tablename__ = "edition_rooms"

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    taken: Mapped[int] = mapped_column(BigInteger)


class EntryMove(Identified, Base):
    """One step of an entry through its states."""

    __tablename__ = "entry_moves"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    action: Mapped[EntryAction] = mapped_column(enum_column(EntryAction))
    source: Mapped[EntryState] = mapped_column(enum_column(EntryState))
    target: Mapped[EntryState] = mapped_column(String(40))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    moved_at: Mapped[datetime]
