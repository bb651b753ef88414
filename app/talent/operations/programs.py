"""Programmes, tiers, and the fast tracks that lead into them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Organization
from app.audit.operations import record
from app.calls.models import Edition
from app.core.authz import Actor
from app.core.uow import lock
from app.talent.enums import Skip
from app.talent.errors import MonthsOutOfRange, ProgramClosed, SkipNotAllowed, UnknownAward
from app.talent.events import FastTrackRemoved, FastTrackSaved, ProgramClosedOff, ProgramSaved, TierSaved
from app.talent.models import FastTrack, Program, Tier
from app.talent.queries.programs import award_levels
from app.talent.rules import DEFAULT_CHECKS, ProgramCheck

MONTHS = range(1, 61)


def create_program(
    session: Session, *, organization: Organization, code: str, name: str, actor: Actor, now: datetime, name_en: str = "",
    basis: str = "", checks: Sequence[ProgramCheck] = DEFAULT_CHECKS, notice_days: int = 5,
) -> Program:  # fmt: skip
    """A programme with its checks; tiers follow. Records ProgramSaved."""
    program = Program(
        organization_id=organization.id, code=code, name=name, name_en=name_en, basis=basis,
        checks=msgspec.to_builtins(list(checks)), notice_days=notice_days, created_at=now,
    )  # fmt: skip
    session.add(program)
    session.flush()  # the fact names the programme
    record(session, ProgramSaved(program.id, organization.id, code), actor=actor, now=now)
    return program


def save_program(
    session: Session, *, program: Program, name: str, name_en: str, basis: str, checks: Sequence[ProgramCheck], notice_days: int,
    actor: Actor, now: datetime,
) -> Program:  # fmt: skip
    """Change texts, checks and notice; records that exist keep the checks they have. Records ProgramSaved."""
    _open(session, program)
    program.name, program.name_en, program.basis, program.notice_days = name, name_en, basis, notice_days
    program.checks = msgspec.to_builtins(list(checks))
    session.flush()  # constraints speak before the fact
    record(session, ProgramSaved(program.id, program.organization_id, program.code), actor=actor, now=now)
    return program


def close_program(session: Session, *, program: Program, reason: str, actor: Actor, now: datetime) -> Program:
    """No new records from now on. Records ProgramClosedOff."""
    _open(session, program)
    program.closed_at = now
    record(session, ProgramClosedOff(program.id, reason), actor=actor, now=now)
    return program


def save_tier(
    session: Session, *, program: Program, code: str, name: str, support_wan: Decimal, actor: Actor, now: datetime,
    name_en: str = "", tier: Tier | None = None,
) -> Tier:  # fmt: skip
    """Add a tier below the others, or change the given one. Records TierSaved."""
    _open(session, program)
    if tier is None:
        place = session.scalar(select(func.max(Tier.position)).where(Tier.program_id == program.id))
        tier = Tier(program_id=program.id, position=(place or 0) + 1)
        session.add(tier)
    tier.code, tier.name, tier.name_en, tier.support_wan = code, name, name_en, support_wan
    session.flush()  # the fact names the tier
    record(session, TierSaved(tier.id, program.id, code), actor=actor, now=now)
    return tier


def save_fast_track(
    session: Session, *, edition: Edition, award_key: str, tier: Tier, skips: Sequence[str], valid_months: int, landing_months: int,
    actor: Actor, now: datetime, basis: str = "", track: FastTrack | None = None,
) -> FastTrack:  # fmt: skip
    """An award of the edition leads to the tier. Raises UnknownAward, SkipNotAllowed, MonthsOutOfRange. Records FastTrackSaved."""
    _open(session, session.get_one(Program, tier.program_id))
    if award_key not in award_levels(session, [edition.id]).get(edition.id, {}):
        raise UnknownAward(field="award_key")
    if not set(skips) <= {skip.value for skip in Skip}:
        raise SkipNotAllowed(field="skips")
    if valid_months not in MONTHS or landing_months not in MONTHS:
        raise MonthsOutOfRange(field="valid_months")
    track = track or _ended(session, edition, award_key, tier)
    if track is None:
        track = FastTrack(edition_id=edition.id, award_key=award_key, tier_id=tier.id)
        session.add(track)
    track.ended_at = None
    track.award_key, track.tier_id, track.skips, track.basis = award_key, tier.id, sorted(set(skips)), basis
    track.valid_months, track.landing_months = valid_months, landing_months
    session.flush()  # the fact names the track
    record(session, FastTrackSaved(track.id, edition.id, award_key, tier.id), actor=actor, now=now)
    return track


def remove_fast_track(session: Session, *, track: FastTrack, reason: str, actor: Actor, now: datetime) -> None:
    """The award leads there no longer; records that came of it keep the track. Records FastTrackRemoved."""
    record(session, FastTrackRemoved(track.id, track.edition_id, reason), actor=actor, now=now)
    track.ended_at = now


def _ended(session: Session, edition: Edition, award_key: str, tier: Tier) -> FastTrack | None:
    """A removed track of the same kind comes back to life instead of standing twice."""
    same = (FastTrack.edition_id == edition.id, FastTrack.award_key == award_key, FastTrack.tier_id == tier.id)
    return session.scalar(select(FastTrack).where(*same, FastTrack.ended_at.is_not(None)))


def _open(session: Session, program: Program) -> None:
    lock(session, program)
    if program.closed_at is not None:
        raise ProgramClosed
