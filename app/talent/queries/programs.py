"""Programmes of the actor's offices."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from app.calls.models import Edition, Stage
from app.calls.sentences.words import say
from app.core.authz import Actor
from app.talent.models import FastTrack, Program, Tier
from app.talent.policies import OFFICE


def office_ids(actor: Actor) -> set[int]:
    """Organizations whose talent programmes the actor runs (roles already reach down the tree)."""
    return {organization for role in OFFICE for organization in actor.scope_ids(role)[0]}


def in_office(actor: Actor) -> ColumnElement[bool]:
    """The condition on ``Program`` for everything that lists, counts or exports."""
    return Program.organization_id.in_(office_ids(actor))


def programs_of(session: Session, actor: Actor) -> list[Program]:
    wanted = select(Program).where(in_office(actor)).options(joinedload(Program.organization))
    return list(session.scalars(wanted.order_by(Program.closed_at.is_not(None), Program.name, Program.id)))


def program_in_office(session: Session, actor: Actor, program_id: int) -> Program | None:
    wanted = select(Program).where(Program.id == program_id, in_office(actor)).options(joinedload(Program.organization))
    return session.scalar(wanted)


def tiers_of(session: Session, program_id: int) -> list[Tier]:
    return list(session.scalars(select(Tier).where(Tier.program_id == program_id).order_by(Tier.position, Tier.id)))


def fast_tracks_of(session: Session, program_id: int) -> list[tuple[FastTrack, Tier, Edition]]:
    """Tracks in force that lead into the programme."""
    rows = session.execute(
        select(FastTrack, Tier, Edition)
        .join(Tier, Tier.id == FastTrack.tier_id)
        .join(Edition, Edition.id == FastTrack.edition_id)
        .where(Tier.program_id == program_id, FastTrack.ended_at.is_(None))
        .order_by(Edition.id.desc(), Tier.position, FastTrack.id)
    )
    return [(track, tier, edition) for track, tier, edition in rows]


def editions_of_office(session: Session, actor: Actor) -> list[Edition]:
    """Editions of the actor's organizations: their awards may lead into a programme."""
    ids = office_ids(actor)
    wanted = select(Edition).where(Edition.host_id.in_(ids) | Edition.organizer_id.in_(ids))
    return list(session.scalars(wanted.order_by(Edition.id.desc()).limit(200)))


def award_levels(session: Session, edition_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """Award levels that the stages of these editions give, by edition: key and name. One statement."""
    wanted = select(Stage).where(Stage.edition_id.in_(edition_ids)).options(joinedload(Stage.rule_version))
    found: dict[int, dict[str, str]] = {}
    for stage in session.scalars(wanted.order_by(Stage.edition_id, Stage.position)):
        rules = stage.rule_version.rules if stage.rule_version else stage.rules
        found.setdefault(stage.edition_id, {}).update({level.key: say(level.name) for level in rules.awards})
    return found
