"""Loading the demonstration: the world and its stories in one transaction; refused where there is data already."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

from sqlalchemy import select

from app.accounts.models import User
from app.core import clock
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
    """Everything, told from the past up to ``now``; the same people and projects every time.

    One transaction: who is interrupted, or loses power, finds the database as empty as before and simply starts again.
    """
    if not is_empty():
        raise NotEmpty
    with atomic() as session:
        for year in range(2025, now.year + 2):
            seed_year(session, year=year)
        world = build_world(session, now=EPOCH)
        teller = Teller(session, world, Papers())
        for title, chapter in _chapters(now):
            chapter(teller)
            say(title)
    return world


def _chapters(now: datetime) -> tuple[tuple[str, Callable[[Teller], object]], ...]:
    start = now.replace(hour=1, minute=0, second=0, microsecond=0)
    latest = last_afternoon(now)
    return (
        ("finished contest", lambda t: finished.tell(t, opens_at=start - 150 * DAY)),
        ("selection records", lambda t: selected.tell(t, now=latest)),
        ("season of small contests", lambda t: legs.tell(t, first_opens_at=start - 210 * DAY)),
        ("contest in judging", lambda t: judged.tell(t, opens_at=start - 56 * DAY, now=latest)),
        ("contest open for entry", lambda t: coming.tell_open(t, opens_at=start - 12 * DAY)),
        ("upcoming contest", lambda t: coming.tell_upcoming(t, opens_at=start + 9 * DAY)),
        ("contest in preparation", lambda t: coming.tell_preparing(t, opens_at=start + 40 * DAY)),
    )


def last_afternoon(now: datetime) -> datetime:
    """Four o'clock of the office's last day so far: nobody in these stories works at night, whenever they are loaded."""
    today = clock.local(now)
    afternoon = clock.from_local(datetime.combine(today.date(), time(16)))
    return afternoon if afternoon <= now else afternoon - DAY
