"""Stages while the edition is in preparation: adding, dating, ordering, their rules."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.calls.enums import StageKind
from app.calls.errors import UnknownThing, WindowDisordered
from app.calls.events import StageAdded, StageEdited, StageRemoved
from app.calls.models import Edition, Stage
from app.calls.rules import StageRules
from app.core.authz import Actor
from app.core.uow import lock

from .editing import lock_draft
from .stages import rules_digest

FAR = 10_000  # beyond every position; positions are unique and are never swapped in place


def add_stage(session: Session, *, edition: Edition, kind: StageKind, name: str, name_en: str, opens_at: datetime, closes_at: datetime,
              actor: Actor, now: datetime) -> Stage:  # fmt: skip
    """A stage at the end, with empty rules. Records StageAdded."""
    lock_draft(session, edition)
    if closes_at <= opens_at:
        raise WindowDisordered(field="closes_at")
    stages = stages_of(session, edition)
    position = max((stage.position for stage in stages), default=-1) + 1
    stage = Stage(edition=edition, position=position, kind=kind, name=name, name_en=name_en, opens_at=opens_at, closes_at=closes_at)
    session.add(stage)
    session.flush()  # the fact names it
    record(session, StageAdded(stage.id, edition.id, kind), actor=actor, now=now)
    return stage


def edit_stage(
    session: Session, *, stage: Stage, name: str, name_en: str, opens_at: datetime, closes_at: datetime, actor: Actor, now: datetime
) -> Stage:
    """Name and dates. Records StageEdited."""
    lock_draft(session, session.get_one(Edition, stage.edition_id))
    lock(session, stage)
    if closes_at <= opens_at:
        raise WindowDisordered(field="closes_at")
    stage.name, stage.name_en, stage.opens_at, stage.closes_at = name, name_en, opens_at, closes_at
    record(session, StageEdited(stage.id, stage.edition_id, rules_digest(stage.rules)), actor=actor, now=now)
    return stage


def save_stage_rules(session: Session, *, stage: Stage, rules: StageRules, actor: Actor, now: datetime) -> Stage:
    """Rules of a stage in preparation; what cannot open yet may be saved all the same. Records StageEdited."""
    lock_draft(session, session.get_one(Edition, stage.edition_id))
    lock(session, stage)
    stage.rules = rules
    record(session, StageEdited(stage.id, stage.edition_id, rules_digest(rules)), actor=actor, now=now)
    return stage


def remove_stage(session: Session, *, stage: Stage, actor: Actor, now: datetime) -> None:
    """Take a stage out. Records StageRemoved."""
    edition = lock_draft(session, session.get_one(Edition, stage.edition_id))
    lock(session, stage)
    record(session, StageRemoved(stage.id, edition.id, stage.name), actor=actor, now=now)
    session.delete(stage)
    session.flush()  # positions are unique: the old ones go first
    _number(session, [row for row in stages_of(session, edition) if row.id != stage.id])


def move_stage(session: Session, *, stage: Stage, earlier: bool, actor: Actor, now: datetime) -> Stage:
    """Change places with the neighbour. Records StageEdited."""
    edition = lock_draft(session, session.get_one(Edition, stage.edition_id))
    rows = stages_of(session, edition)
    place = next((n for n, row in enumerate(rows) if row.id == stage.id), None)
    if place is None:
        raise UnknownThing
    other = place - 1 if earlier else place + 1
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
        _number(session, rows)
    record(session, StageEdited(stage.id, edition.id, rules_digest(stage.rules)), actor=actor, now=now)
    return stage


def stages_of(session: Session, edition: Edition) -> list[Stage]:
    return list(session.scalars(select(Stage).where(Stage.edition_id == edition.id).order_by(Stage.position)))


def next_dates(stages: list[Stage], fallback: datetime) -> tuple[datetime, datetime]:
    """A proposal for a further stage: a week from three days after the last one."""
    last = max((stage.closes_at for stage in stages), default=fallback)
    return last + timedelta(days=3), last + timedelta(days=10)


def _number(session: Session, rows: list[Stage]) -> None:
    for position, row in enumerate(rows):
        row.position = FAR + position
    session.flush()  # out of the way of the unique positions
    for position, row in enumerate(rows):
        row.position = position
    session.flush()  # positions are unique: the old ones go first
