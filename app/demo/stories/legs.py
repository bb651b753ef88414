"""A season of small finished contests: one panel, one afternoon each, as a busy district runs them all year."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.accounts.models import User
from app.calls.models import Call, Edition, Stage
from app.calls.operations.stages import open_stage, seal_stage
from app.demo import names
from app.demo.projects import of_field
from app.entries.models import Entry
from app.judging.models import Assignment, Panel

from .marking import Marks, marks_for
from .telling import HOUR, Teller

ENTRIES = 7
DAY = timedelta(days=1)
#: Code, title, English title and field of each.
PLACES = (
    ("shenzhen", "第五届澄湖杯深圳分站赛", "5th Chenghu Cup, Shenzhen leg", "it"),
    ("bio", "澄湖新区生物医药专题赛", "Chenghu Life Science Contest", "bio"),
    ("materials", "澄湖新区新材料专题赛", "Chenghu New Materials Contest", "mat"),
    ("energy", "澄湖新区双碳技术专题赛", "Chenghu Low Carbon Contest", "en"),
    ("agri", "澄湖新区现代农业专题赛", "Chenghu Agriculture Contest", "agri"),
)


def tell(teller: Teller, *, first_opens_at: datetime) -> list[Edition]:
    """One after another, three weeks apart."""
    return [_one(teller, place, first_opens_at + number * 21 * DAY, number) for number, place in enumerate(PLACES)]


def _one(teller: Teller, place: tuple[str, str, str, str], opens_at: datetime, number: int) -> Edition:
    code, title, title_en, field = place
    edition = teller.edition("leg", title, f"leg-{code}", opens_at=opens_at, title_en=title_en)
    teller.publish(edition, at=opens_at - 10 * DAY)
    (call,), world = teller.calls(edition), teller.world
    entries = []
    for position, project in enumerate(of_field(field)[:ENTRIES]):
        leader = teller.team(f"team{(position + number * 3) % 24 + 2}")
        at = opens_at + (position + 1) * DAY
        entry = teller.draft(call, project, leader, names.company(world.random, field, world.used), at=at)
        teller.hand_in(entry, at=at + 5 * HOUR)
        entries.append(entry)
    _judge(teller, edition, call, entries, world.judges[number % 4 : number % 4 + 5])
    return edition


def _judge(teller: Teller, edition: Edition, call: Call, entries: list[Entry], judges: list[User]) -> None:
    """Check, one afternoon of roadshow, results the same evening."""
    roadshow = teller.stages(edition)[1]
    teller.accept(entries)
    organizer, done = teller.by("organizer"), roadshow.closes_at + HOUR
    open_stage(teller.session, stage=roadshow, actor=organizer, now=roadshow.opens_at)
    panel = teller.panel(roadshow, "评审组", "Panel", [call], judges, at=roadshow.opens_at - DAY)
    _score(teller, roadshow, panel)
    seal_stage(teller.session, stage=roadshow, actor=organizer, now=roadshow.closes_at)
    teller.release(roadshow, call, computed_at=done, proposed_at=done, released_at=done + HOUR)


def _score(teller: Teller, stage: Stage, panel: Panel) -> None:
    rubric, random = stage.rules.rubric_for(None), teller.world.random
    levels: dict[int, int] = {}

    def marks(_number: int, assignment: Assignment) -> Marks:
        level = levels.setdefault(assignment.entry_id, random.randrange(70, 93))
        return marks_for(rubric, level, random.randrange(-3, 4), random)

    signing = teller.score_all(panel, marks, at=lambda number: stage.opens_at + timedelta(minutes=10 + number))
    for seat in panel.seats:
        teller.sign(seat, signing[seat.id], at=stage.closes_at - timedelta(minutes=10))
