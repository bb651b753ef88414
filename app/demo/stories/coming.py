"""What is open for entry now, and what comes next."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.calls.models import Edition
from app.demo import names
from app.demo.projects import PROJECTS

from .telling import HOUR, Teller

DAY = timedelta(days=1)


def tell_open(teller: Teller, *, opens_at: datetime) -> Edition:
    """The flagship: start-ups and growing companies in seven tracks. Some entries are handed in, some are drafts."""
    title = "2026澄湖创新创业大赛"
    edition = teller.edition("venture", title, "venture-2026", opens_at=opens_at, title_en="Chenghu Innovation and Entrepreneurship 2026")
    teller.publish(edition, at=opens_at - 15 * DAY)
    calls, world = teller.calls(edition), teller.world
    for number in range(9):
        project = PROJECTS[(number * 7) % len(PROJECTS)]
        leader = teller.team("team" if number == 8 else f"venture{number + 1}")
        unit = names.company(world.random, project.field, world.used)
        at = opens_at + number * DAY + 2 * HOUR
        entry = teller.draft(calls[(number * 3) % len(calls)], project, leader, unit, at=at)
        if number < 6:
            teller.hand_in(entry, at=at + 6 * HOUR)
    return edition


def tell_upcoming(teller: Teller, *, opens_at: datetime) -> Edition:
    """Teams will choose one of the topics that companies have posted."""
    title = "澄湖新区2026年度揭榜领题赛"
    edition = teller.edition("challenge", title, "challenge-2026", opens_at=opens_at, title_en="Chenghu Challenge Topics 2026")
    teller.publish(edition, at=opens_at - 20 * DAY)
    return edition


def tell_preparing(teller: Teller, *, opens_at: datetime) -> Edition:
    """A small one that its organizer still works on: the checklist has open points."""
    return teller.edition(
        "leg", "第六届澄湖杯武汉专场赛", "chenghu-6-wuhan", opens_at=opens_at, title_en="6th Chenghu Cup, Wuhan leg", lead=42 * DAY
    )
