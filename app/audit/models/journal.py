"""Journal rows, chain heads, deliveries, the reading log. Rows of the journal are never changed (triggers), only blanked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    DDL,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.enums import DeliveryState
from app.core.db import Base, Identified
from app.core.types import JSONText, enum_column

BIGKEY = BigInteger().with_variant(Integer(), "sqlite")


class JournalHead(Base):
    """The end of one chain; its row lock gives the next number without gaps."""

    __tablename__ = "journal_heads"

    chain: Mapped[str] = mapped_column(String(40), primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(String(64), default="")


class JournalEvent(Base):
    """One fact. ``payload`` and ``salt`` may be blanked (erasure); the commitment keeps the chain whole."""

    __tablename__ = "journal_events"
    __table_args__ = (
        UniqueConstraint("chain", "seq"),
        Index("ix_journal_events_subject", "subject", "subject_id"),
        Index("ix_journal_events_at", "at"),
    )

    id: Mapped[int] = mapped_column(BIGKEY, primary_key=True)
    chain: Mapped[str] = mapped_column(String(40))
    seq: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(index=True)
    actor_role: Mapped[str | None] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None] = mapped_column(BigInteger)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    payload: Mapped[str | None] = mapped_column(Text)
    commit: Mapped[str] = mapped_column(String(64))
    prev: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class Delivery(Identified, Base):
    """One subscriber's duty towards one fact, kept until done."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("event_id", "subscriber"),
        Index("ix_deliveries_due", "state", "due_at"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done_when_done"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("journal_events.id"))
    subscriber: Mapped[str] = mapped_column(String(120))
    state: Mapped[DeliveryState] = mapped_column(enum_column(DeliveryState), default=DeliveryState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)


class Reading(Identified, Base):
    """Who opened what: files, entries, sensitive fields. Appended, never changed."""

    __tablename__ = "readings"
    __table_args__ = (
        Index("ix_readings_subject", "subject", "subject_id"),
        Index("ix_readings_edition", "edition_id", "at"),
    )

    at: Mapped[datetime]
    actor_id: Mapped[int] = mapped_column(index=True)
    edition_id: Mapped[int | None]
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    detail: Mapped[Any] = mapped_column(JSONText, default=dict)


_SQLITE_GUARD = """
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'append_only'); END
"""
_SQLITE_UPDATE_EVENTS = """
CREATE TRIGGER journal_events_no_update BEFORE UPDATE ON journal_events
WHEN NOT (NEW.payload IS NULL AND NEW.salt IS NULL AND NEW.id = OLD.id AND NEW.chain = OLD.chain AND NEW.seq = OLD.seq
 AND NEW.name = OLD.name AND NEW.at = OLD.at AND NEW.actor_id IS OLD.actor_id AND NEW.actor_role IS OLD.actor_role
 AND NEW.subject = OLD.subject AND NEW.subject_id IS OLD.subject_id AND NEW."commit" = OLD."commit" AND NEW.prev = OLD.prev
 AND NEW.hash = OLD.hash)
BEGIN SELECT RAISE(ABORT, 'append_only'); END
"""
_SQLITE_UPDATE_READINGS = """
CREATE TRIGGER readings_no_update BEFORE UPDATE ON readings BEGIN SELECT RAISE(ABORT, 'append_only'); END
"""
_PG_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'journal_events' THEN
    IF NEW.payload IS NULL AND NEW.salt IS NULL AND (to_jsonb(NEW) - 'payload' - 'salt') = (to_jsonb(OLD) - 'payload' - 'salt') THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'append_only';
END $body$
"""
_SQLITE_UPDATE_ANY = """
CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, 'append_only'); END
"""
_PG_TRIGGER = "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"

#: What the first migration executes too, by engine.
TRIGGERS = {
    "sqlite": [
        _SQLITE_GUARD.format(table="journal_events"),
        _SQLITE_GUARD.format(table="readings"),
        _SQLITE_UPDATE_EVENTS,
        _SQLITE_UPDATE_READINGS,
    ],
    "postgresql": [
        _PG_FUNCTION,
        _PG_TRIGGER.format(table="journal_events"),
        _PG_TRIGGER.format(table="readings"),
    ],
}


def _on_creation(dialect: str, statement: str) -> None:
    event.listen(Base.metadata, "after_create", DDL(statement.replace("%", "%%")).execute_if(dialect=dialect))


def append_only(table: str) -> None:
    """Have the database itself refuse that a row of the table is changed or removed; its migration says the same."""
    _on_creation("sqlite", _SQLITE_GUARD.format(table=table))
    _on_creation("sqlite", _SQLITE_UPDATE_ANY.format(table=table))
    _on_creation("postgresql", _PG_TRIGGER.format(table=table))


for _dialect, _statements in TRIGGERS.items():
    for _statement in _statements:
        _on_creation(_dialect, _statement)
