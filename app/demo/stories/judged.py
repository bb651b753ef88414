"""The contest in judging: blind online review of student entries, half of the sheets done."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.calls.models import Edition
from app.calls.operations.stages import open_stage
from app.demo import names
from app.demo.projects import PROJECTS
from app.judging.models import Assignment

from .marking import Marks, marks_for
from .telling import HOUR, Teller

ENTRIES = 14
DAY = timedelta(days=1)


def tell(teller: Teller, *, opens_at: datetime, now: datetime) -> Edition:
    """Entries are in and checked; five judges have scored about half of them, the first judge has signed some."""
    edition = teller.edition(
        "campus", "2026澄湖高校学生创新大赛", "campus-2026", opens_at=opens_at, title_en="Chenghu Campus Innovation 2026"
    )
    teller.publish(edition, at=opens_at - 12 * DAY)
    _enter(teller, edition, opens_at)
    stage = teller.stages(edition)[1]
    open_stage(teller.session, stage=stage, actor=teller.by("organizer"), now=stage.opens_at)
    panel = teller.panel(stage, "网络盲审组", "Blind review panel", teller.calls(edition), teller.world.judges[:5], at=stage.opens_at)
    rubric, random = stage.rules.rubric_for(None), teller.world.random

    def marks(number: int, _assignment: Assignment) -> Marks | None:
        """Every second entry of a judge, so that half the sheets are done."""
        if number % 2 == (number // 10) % 2:
            return None
        return marks_for(rubric, random.randrange(66, 93), random.randrange(-3, 4), random)

    signing = teller.score_all(panel, marks, at=lambda n: min(stage.opens_at + 5 * HOUR + timedelta(minutes=7 * n), now - HOUR))
    for seat in panel.seats[1:3]:
        teller.sign(seat, signing.get(seat.id, [])[:4], at=now - HOUR)
    return edition


def _enter(teller: Teller, edition: Edition, opens_at: datetime) -> None:
    calls, entries = teller.calls(edition), []
    for number in range(ENTRIES):
        project = PROJECTS[(number * 5 + 3) % len(PROJECTS)]
        leader = teller.team(f"student{number + 1}")
        unit = names.UNIVERSITIES[number % len(names.UNIVERSITIES)]
        at = opens_at + (1 + number) * DAY
        entry = teller.draft(calls[number % len(calls)], project, leader, unit, at=at, blind=True)
        teller.hand_in(entry, at=at + 5 * HOUR)
        entries.append(entry)
    teller.accept(entries)
