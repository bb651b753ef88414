"""Awards that follow from a released run; after a correction some stay, some are revoked, some are new."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.calls.rules import AwardLevel, StageRules
from app.core.authz import Actor
from app.core.money import exact
from app.results.enums import AwardState
from app.results.events import AwardRevoked
from app.results.models import Award, ResultRun, Standing

from .certificates import revoke_all_of


def grant_awards(session: Session, *, run: ResultRun, old: ResultRun | None, rules: StageRules, actor: Actor, now: datetime) -> None:
    """One award for each standing with a level. An award that the correction confirms stays the same row."""
    levels = {level.key: level for level in rules.awards}
    chosen = select(Standing).where(Standing.run_id == run.id, Standing.award_key.is_not(None))
    wanted = {standing.entry_id: standing for standing in session.scalars(chosen)}
    kept: set[int] = set()
    for award in _granted(session, old) if old else ():
        standing = wanted.get(award.entry_id)
        if standing is not None and standing.award_key == award.level_key:
            award.run_id, award.rank = run.id, standing.rank or 0
            kept.add(award.entry_id)
        else:
            revoke_award(session, award=award, reason=run.reason, actor=actor, now=now)
    session.flush()  # a revoked award makes room before a new one is added
    for entry_id, standing in wanted.items():
        if entry_id not in kept:
            session.add(_award(run, standing, levels[standing.award_key or ""], now))
    session.flush()  # certificates and records point at the awards


def revoke_award(session: Session, *, award: Award, reason: str, actor: Actor, now: datetime) -> Award:
    """The award and its certificates hold no longer. Records AwardRevoked."""
    if award.state == AwardState.REVOKED:
        return award
    award.state, award.revoked_at, award.revoked_reason = AwardState.REVOKED, now, reason
    revoke_all_of(session, award=award, reason=reason, actor=actor, now=now)
    record(session, AwardRevoked(award.id, award.edition_id, award.entry_id, reason), actor=actor, now=now)
    return award


def _granted(session: Session, run: ResultRun) -> list[Award]:
    wanted = select(Award).where(Award.run_id == run.id, Award.state == AwardState.GRANTED)
    return list(session.scalars(wanted.order_by(Award.id).with_for_update()))


def _award(run: ResultRun, standing: Standing, level: AwardLevel, now: datetime) -> Award:
    return Award(
        run_id=run.id, edition_id=run.edition_id, entry_id=standing.entry_id, level_key=level.key, level_name=level.name.zh,
        level_name_en=level.name.en, rank=standing.rank or 0, prize_wan=exact(level.prize_wan or "0"), granted_at=now,
        state=AwardState.GRANTED,
    )  # fmt: skip
