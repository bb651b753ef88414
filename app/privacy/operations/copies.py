"""Handing a person their own data."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.audit.operations import record
from app.core.authz import Actor
from app.privacy.events import DataExported


def note_own_copy(session: Session, *, user: User, digest: str, actor: Actor, now: datetime) -> None:
    """Keep that the person took their data along, with the digest of what they got. Records DataExported."""
    record(session, DataExported(user.id, digest), actor=actor, now=now)
