"""Loading the demonstration: the world, then its stories, each in one transaction; refused where there is data already."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select

from app.accounts.models import User
from app.core.db import db
from app.core.errors import DomainError
from app.core.uow import atomic
from app.settings.calendar import seed_year

from .printing import Papers
from .stories import coming, finished, judged, legs, selected
from .stories.telling import EPOCH, Teller
from .world import DOMAIN, STAFF, World, build_world

DAY = timedelta(days=1)


class NotEmpty(DomainError):
    """The demonstration is only ever put into an empty database."""

    message = "This database already has accounts. The demonstration is only loaded into an empty one."


def is_empty() -> bool:
    return db.session.scalar(select(User.id).limit(1)) is None


def is_loaded() -> bool:
    """Whether the demonstration's own people are here."""
    return db.session.scalar(select(User.id).where(User.email == f"{STAFF[0][0]}@{DOMAIN}")) is not None


def load(now: datetime, say: Callable[[str], None]) -> World:
    """Everything, told from the past up to ``now``; the same people and projects every time."""
    if not is_empty():
        raise NotEmpty
    start = now.replace(hour=1, minute=0, second=0, microsecond=0)
    with atomic() as session:
        for year in range(2025, now.year + 2):
            seed_year(session, year=year)
        world = build_world(session, now=EPOCH)
    papers = Papers()
    chapters: tuple[tuple[str, Callable[[Teller], object]], ...] = (
        ("finished contest", lambda t: finished.tell(t, opens_at=start - 150 * DAY)),
        ("selection records", lambda t: selected.tell(t, now=now)),
        ("season of small contests", lambda t: legs.tell(t, first_opens_at=start - 210 * DAY)),
        ("contest in judging", lambda t: judged.tell(t, opens_at=start - 56 * DAY, now=now)),
        ("contest open for entry", lambda t: coming.tell_open(t, opens_at=start - 12 * DAY)),
        ("upcoming contest", lambda t: coming.tell_upcoming(t, opens_at=start + 9 * DAY)),
        ("contest in preparation", lambda t: coming.tell_preparing(t, opens_at=start + 40 * DAY)),
    )
    for title, chapter in chapters:
        with atomic() as session:
            chapter(Teller(session, world, papers))
        say(title)
    return world
