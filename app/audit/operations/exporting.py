"""Noting that somebody took a chain away."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.audit.events import JournalExported
from app.core.authz import Actor

from .checkpoints import edition_of
from .journal import record


def note_export(session: Session, *, name: str, size: int, withheld: int, actor: Actor, now: datetime) -> None:
    """The bundle was made; it is sent only after this is committed. Records JournalExported."""
    record(session, JournalExported(edition_of(name), size, withheld), actor=actor, now=now)
