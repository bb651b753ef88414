"""The finished contest: 澄湖杯, two groups, online review and final, awards, certificates, selection records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

import msgspec
from sqlalchemy import select

from app.accounts.models import User
from app.calls.models import Edition, Stage
from app.calls.operations.stages import open_stage, seal_stage
from app.calls.rules import Aggregation, Rubric
from app.core.clock import from_local, local_date
from app.demo import names
from app.demo.projects import PROJECTS
from app.judging.models import Assignment, Panel
from app.notices.operations import publish_notice
from app.results.models import Award, ResultRun
from app.results.operations.certificates import issue_missing
from app.results.operations.notices import draft_result_notice
from app.settings.calendar import working_days_from

from . import selected
from .marking import Marks, marks_for
from .telling import CONTACTS, HOUR, Teller

ENTRIES = 24
DAY = timedelta(days=1)


def tell(teller: Teller, *, opens_at: datetime) -> Edition:
    """Everything from the preset to the certificates. ``opens_at`` lies far enough back for it all to have happened."""
    edition = teller.edition("talent", "第五届澄湖杯人才创新创业大赛", "chenghu-5", opens_at=opens_at, title_en="5th Chenghu Cup")
    _shape(teller, edition)
    teller.publish(edition, at=opens_at - 18 * DAY)
    _enter(teller, edition, opens_at)
    stages = teller.stages(edition)
    online, final = stages[1], stages[2]
    _judge(teller, edition, online, teller.world.judges[:5], ("初评组", "First review panel"))
    _release(teller, edition, online)
    _judge(teller, edition, final, teller.world.judges[:7], ("决赛评审组", "Final panel"))
    selected.prepare(teller, edition, at=final.closes_at)
    runs = _release(teller, edition, final)
    noticed = _give_notice(teller, runs)
    _visit(teller, stages[3])
    _certify(teller, runs, noticed)
    return edition


def _shape(teller: Teller, edition: Edition) -> None:
    """Five judges online, seven in the final; one highest and one lowest mark dropped; fewer awards, because this is small."""
    trimmed = Aggregation(method="trimmed", drop_high=1, drop_low=1, trim_from=5, min_judges=3)
    for stage in teller.stages(edition)[1:3]:
        rules = msgspec.structs.replace(stage.rules, aggregation=trimmed, judges_per_entry=0)
        if stage.position == 1:
            going = msgspec.structs.replace(rules.advancement, number=8)
            rules = msgspec.structs.replace(rules, advancement=going)
        else:
            rules = msgspec.structs.replace(rules, awards=[msgspec.structs.replace(a, number=min(a.number, 3)) for a in rules.awards])
        stage.rules = rules


def _enter(teller: Teller, edition: Edition, opens_at: datetime) -> None:
    calls, world = teller.calls(edition), teller.world
    accepted = []
    for number in range(ENTRIES):
        project = PROJECTS[(number * 7) % len(PROJECTS)]
        leader = teller.team("team" if number == 0 else f"team{number + 1}")
        unit = names.company(world.random, project.field, world.used)
        at = opens_at + (1 + number) * DAY
        entry = teller.draft(calls[number % len(calls)], project, leader, unit, at=at)
        teller.hand_in(entry, at=at + 6 * HOUR)
        accepted.append(entry)
    teller.accept(accepted)


def _judge(teller: Teller, edition: Edition, stage: Stage, judges: Sequence[User], called: tuple[str, str]) -> None:
    at = stage.opens_at
    open_stage(teller.session, stage=stage, actor=teller.by("organizer"), now=at)
    panel = teller.panel(stage, *called, teller.calls(edition), judges, at=at)
    _score_all(teller, stage, panel, at + 4 * HOUR)
    seal_stage(teller.session, stage=stage, actor=teller.by("organizer"), now=stage.closes_at)


def _score_all(teller: Teller, stage: Stage, panel: Panel, at: datetime) -> None:
    rubric = stage.rules.rubric_for(None)
    qualities = _qualities(teller, panel)
    signing = teller.score_all(
        panel, lambda number, assignment: _marks(teller, rubric, qualities[assignment.entry_id], assignment, number),
        at=lambda number: at + timedelta(minutes=number % 300),
    )  # fmt: skip
    for seat in panel.seats:
        teller.sign(seat, signing.get(seat.id, []), at=at + 6 * HOUR)


def _qualities(teller: Teller, panel: Panel) -> dict[int, int]:
    """A level for each entry, in percent of the full mark."""
    ids = sorted({a.entry_id for a in teller.assignments(panel)})
    return {entry_id: teller.world.random.randrange(68, 94) for entry_id in ids}


def _marks(teller: Teller, rubric: Rubric, quality: int, assignment: Assignment, number: int) -> Marks:
    """One judge in fifteen is far off, so that the dropped extreme is worth looking at."""
    temper = (-3, 0, 2, -1, 3, 1, -2)[assignment.seat_id % 7]
    if number % 15 == 7:
        temper -= 22
    return marks_for(rubric, quality, temper, teller.world.random)


def _release(teller: Teller, edition: Edition, stage: Stage) -> list[ResultRun]:
    at, runs = stage.closes_at + HOUR, []
    for call in teller.calls(edition):
        if not teller.standing_entries(stage, call):
            continue
        runs.append(teller.release(stage, call, computed_at=at, proposed_at=at + HOUR, released_at=at + 3 * HOUR))
    return runs


def _visit(teller: Teller, stage: Stage) -> None:
    """The visits to the winners, from their opening to their seal; what was found stands in the selection records."""
    open_stage(teller.session, stage=stage, actor=teller.by("organizer"), now=stage.opens_at)
    seal_stage(teller.session, stage=stage, actor=teller.by("organizer"), now=stage.closes_at)


def _give_notice(teller: Teller, runs: Sequence[ResultRun]) -> datetime:
    """Each result is made public for five working days; the morning after the last of them."""
    ends = []
    for run in runs:
        at = run.released_at or run.computed_at
        notice = draft_result_notice(
            teller.session, run=run, title=f"{run.call.edition.title}{run.call.name}评审结果公示",
            starts_on=working_days_from(teller.session, local_date(at), 1), working_days=5, contact=CONTACTS["objection_contact"],
            discipline_contact=CONTACTS["discipline_contact"], address=CONTACTS["address"], actor=teller.by("host"), now=at,
        )  # fmt: skip
        ends.append(publish_notice(teller.session, notice=notice, actor=teller.by("host"), now=at).ends_on)
    return from_local(datetime.combine(max(ends) + DAY, time(9)))


def _certify(teller: Teller, runs: Sequence[ResultRun], at: datetime) -> None:
    awards = list(teller.session.scalars(select(Award).where(Award.run_id.in_([run.id for run in runs]))))
    for locale in ("zh_CN", "en"):
        issue_missing(teller.session, awards=awards, locale=locale, actor=teller.by("organizer"), now=at)
