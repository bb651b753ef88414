"""Who opened what and who did what in a window: what an office asks for on the day of an incident."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.audit.models import JournalEvent, Reading


@dataclass(frozen=True)
class Access:
    """One look (``opened``) or one act (the name of the fact)."""

    at: datetime
    user_id: int | None
    name: str
    what: str
    subject: str
    subject_id: int | None


def accesses(session: Session, *, since: datetime, until: datetime, user_id: int | None = None, subject: str = "",
             subject_id: int | None = None) -> Iterator[Access]:  # fmt: skip
    """In order of time, streamed: from ``since`` until before ``until``, by one person or about one thing if named."""
    looks = select(Reading.at, Reading.actor_id.label("who"), literal("opened").label("what"), Reading.subject, Reading.subject_id)
    acts = select(JournalEvent.at, JournalEvent.actor_id, JournalEvent.name, JournalEvent.subject, JournalEvent.subject_id)
    parts = []
    for chosen, model in ((looks, Reading), (acts, JournalEvent)):
        chosen = chosen.where(model.at >= since, model.at < until)
        if user_id is not None:
            chosen = chosen.where(model.actor_id == user_id)
        if subject:
            chosen = chosen.where(model.subject == subject)
        if subject_id is not None:
            chosen = chosen.where(model.subject_id == subject_id)
        parts.append(chosen)
    found = union_all(*parts).subquery()
    named = select(found, User.name).outerjoin(User, User.id == found.c.who).order_by(found.c.at)
    for at, who, what, noun, number, name in session.execute(named.execution_options(yield_per=2000)):
        yield Access(at, who, name or "", what, noun, number)
