"""One step through the states: looked up, written down."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.core.authz import Actor
from app.entries.enums import EntryAction
from app.entries.errors import ReasonNeeded
from app.entries.models import Entry, EntryMove
from app.entries.states import ENTRY

MIN_REASON = 4


def move(session: Session, entry: Entry, action: EntryAction, *, actor: Actor, now: datetime, reason: str = "") -> None:
    """Take the step and keep it in the history; raises IllegalTransition."""
    source, target = entry.state, ENTRY.target(entry.state, action)
    entry.state = target
    entry.changed_at = now
    session.add(
        EntryMove(
            entry_id=entry.id, action=action, source=source, target=target, actor_id=actor.user_id, reason=reason, moved_at=now,
        )
    )  # fmt: skip


def need_reason(reason: str) -> str:
    """The reason, tidied; raises ReasonNeeded when there is none worth the name."""
    text = (reason or "").strip()
    if len(text) < MIN_REASON:
        raise ReasonNeeded(field="reason")
    return text
