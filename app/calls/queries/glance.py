"""Where each edition of a list stands: its phase and the next date that counts, in two statements however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calls.enums import SETTLED, EditionPhase, EditionState, StageState
from app.calls.models import Edition, Stage
from app.calls.phases import Facts, phase_of
from app.calls.stagekinds import JUDGED
from app.core.clock import from_local, local_date
from app.core.markup import named

from .public import facts_of

AT_REST = (EditionState.CANCELLED, EditionState.ARCHIVED, EditionState.DISCARDED)


@dataclass(frozen=True)
class Glance:
    """``phase`` of a published edition; ``what`` happens next and when, None when nothing is dated; ``is_late``: it should be over."""

    phase: EditionPhase | None
    what: str = ""
    at: datetime | None = None
    is_late: bool = False


def glances(session: Session, editions: Sequence[Edition], now: datetime) -> dict[int, Glance]:
    """By edition."""
    running = {edition.id: edition for edition in editions if edition.state not in AT_REST}
    facts = facts_of(session, running.values(), now, local_date(now))
    stages: dict[int, list[Stage]] = defaultdict(list)
    wanted = select(Stage).where(Stage.edition_id.in_(running), Stage.state.not_in(SETTLED)).order_by(Stage.position)
    for stage in session.scalars(wanted):
        stages[stage.edition_id].append(stage)
    return {key: _glance(edition, facts[key], stages[key], now) for key, edition in running.items()}


def _glance(edition: Edition, facts: Facts, stages: Iterable[Stage], now: datetime) -> Glance:
    phase = phase_of(facts, now, local_date(now, edition.zone)) if edition.state == EditionState.PUBLISHED else None
    dates = list(_dates(facts, stages, edition.zone))
    coming = min((line for line in dates if line[0] >= now), key=lambda line: line[0], default=None)
    late = next((line for line in dates if line[0] < now and line[2]), None)
    if late and phase is not None:
        return Glance(phase, late[1], late[0], is_late=True)
    return Glance(phase, coming[1], coming[0]) if coming else Glance(phase)


def _dates(facts: Facts, stages: Iterable[Stage], zone: str) -> Iterable[tuple[datetime, str, bool]]:
    """Instant, what happens then, and whether it is late once it has passed: a stage that should be over and is not."""
    if facts.opens_at is not None:
        yield facts.opens_at, _("entries open"), False
    if closing := facts.next_close or facts.closes_at:
        yield closing, _("entries close"), False
    if facts.notice_until is not None:
        yield (
            from_local(datetime.combine(facts.notice_until + timedelta(days=1), time.min), zone) - timedelta(minutes=1),
            _("notice ends"),
            False,
        )
    for stage in stages:
        yield stage.opens_at, _("%(stage)s begins", stage=named(stage)), False
        # A check or visit that nobody opened is staff's own work: nothing waits for its seal.
        yield stage.closes_at, _("%(stage)s ends", stage=named(stage)), stage.kind in JUDGED or stage.state == StageState.OPEN
