"""Noting who opened what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.audit.models import Reading
from app.core.authz import Actor


def note_reading(session: Session, *, subject: str, subject_id: int, actor: Actor, now: datetime,
                 edition_id: int | None = None, **detail: Any) -> None:  # fmt: skip
    """Append to the reading log; the page or file is answered only after this is committed."""
    if actor.user_id is not None:
        session.add(
            Reading(
                at=now,
                actor_id=actor.user_id,
                edition_id=edition_id,
                subject=subject,
                subject_id=subject_id,
                detail=detail,
            )
        )
