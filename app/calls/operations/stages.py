"""Opening, sealing and releasing a stage."""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.calls.enums import EditionState, StageAction, StageState
from app.calls.errors import EarlierStageOpen, NotPublished, RulesFaulty
from app.calls.events import StageOpened, StageReleased, StageSealedOff
from app.calls.models import Edition, Stage, StageRuleVersion
from app.calls.rules import StageRules
from app.calls.rules.checks import blocking, stage_faults
from app.calls.stagekinds import JUDGED
from app.calls.states import STAGE
from app.core.authz import Actor
from app.core.uow import lock

from .freezing import check_not_frozen
from .lapsing import lapse_with_stage


def open_stage(session: Session, *, stage: Stage, actor: Actor, now: datetime) -> Stage:
    """Let the stage begin. Its rules are frozen as a version that never changes.

    Refuses in an unpublished edition, while an earlier judged stage is neither sealed nor released, and by faulty rules:
    the figures are named. Changes of it that wait for the host lapse. Records StageOpened.
    """
    edition = _lock_both(session, stage)
    target = STAGE.target(stage.state, StageAction.OPEN)
    if edition.state != EditionState.PUBLISHED:
        raise NotPublished
    earlier = judged_before(session, stage)
    if any(other.state in (StageState.PREPARING, StageState.OPEN) for other in earlier):
        raise EarlierStageOpen
    faults = blocking(stage_faults(stage.rules, judged=stage.kind in JUDGED, earlier=bool(earlier)))
    if faults:
        raise RulesFaulty(faults)
    version = freeze_rules(session, stage=stage, rules=stage.rules, reason="", actor=actor, now=now)
    stage.state = target
    lapse_with_stage(session, edition=edition, stage=stage, first_judged=False, actor=actor, now=now)
    record(session, StageOpened(stage.id, edition.id, version.number, version.digest), actor=actor, now=now)
    return stage


def seal_stage(session: Session, *, stage: Stage, actor: Actor, now: datetime) -> Stage:
    """Close the stage to all changes; those that wait for the host lapse. Whether every sheet is signed is asked by judging before.

    Records StageSealedOff.
    """
    edition = _lock_both(session, stage)
    stage.state = STAGE.target(stage.state, StageAction.SEAL)
    stage.sealed_at = now
    is_first = stage.kind in JUDGED and not judged_before(session, stage)
    lapse_with_stage(session, edition=edition, stage=stage, first_judged=is_first, actor=actor, now=now)
    record(session, StageSealedOff(stage.id, edition.id), actor=actor, now=now)
    return stage


def release_stage(session: Session, *, stage: Stage, actor: Actor, now: datetime) -> Stage:
    """The stage's results are out; called by ``results`` once its runs are released. Records StageReleased."""
    edition = _lock_both(session, stage)
    stage.state = STAGE.target(stage.state, StageAction.RELEASE)
    record(session, StageReleased(stage.id, edition.id), actor=actor, now=now)
    return stage


def judged_before(session: Session, stage: Stage) -> list[Stage]:
    """The judged stages before this one, in order."""
    return list(session.scalars(judged_stages(stage.edition_id).where(Stage.position < stage.position)))


def judged_stages(edition_id: int) -> Select[Stage]:
    """The stages with score sheets, in order."""
    of = select(Stage).where(Stage.edition_id == edition_id, Stage.kind.in_([kind.value for kind in JUDGED]))
    return of.order_by(Stage.position)


def freeze_rules(session: Session, *, stage: Stage, rules: StageRules, reason: str, actor: Actor, now: datetime) -> StageRuleVersion:
    """The rules as the stage's next version, put in force."""
    last = session.scalar(select(func.max(StageRuleVersion.number)).where(StageRuleVersion.stage_id == stage.id)) or 0
    version = StageRuleVersion(
        stage_id=stage.id, number=last + 1, rules=rules, digest=rules_digest(rules), reason=reason, frozen_at=now,
        frozen_by_id=actor.user_id,
    )  # fmt: skip
    session.add(version)
    session.flush()  # the stage points at it
    stage.rule_version_id = version.id
    session.flush()  # the CHECK ties the version to the state
    session.expire(stage, ["rule_version"])
    return version


def rules_digest(rules: StageRules) -> str:
    """SHA-256 over the rules' JSON."""
    return hashlib.sha256(msgspec.json.encode(rules)).hexdigest()


def _lock_both(session: Session, stage: Stage) -> Edition:
    edition = lock(session, session.get_one(Edition, stage.edition_id))
    lock(session, stage)
    check_not_frozen(edition)
    return edition
