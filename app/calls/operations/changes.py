"""What a decided change does to published rules and dates, by subject: its present state, its checks, its effect."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.calls.affected import affected
from app.calls.enums import SETTLED, ApprovalSubject, EditionAction, StageState
from app.calls.errors import JudgingIsOver, MarksExist, RulesFaulty, StageSealed, UnknownThing, WindowDisordered, WindowInPast
from app.calls.events import CallEdited, EditionCancelled, RulesVersioned, StageEdited, WindowsMoved
from app.calls.models import Approval, Call, Edition, Stage
from app.calls.rules import CallRules, StageRules
from app.calls.rules.checks import blocking, stage_faults
from app.calls.rules.eligibility import eligibility_faults
from app.calls.stagekinds import JUDGED
from app.calls.states import EDITION
from app.core.authz import Actor

from .lapsing import lapse_with_edition
from .matrix import calls_of
from .stages import freeze_rules, judged_before, judged_stages, rules_digest

Payload = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """How one subject is changed. ``state`` is what was approved against; ``check`` refuses; ``apply`` does it."""

    state: Callable[[Session, Edition, Approval], object]
    check: Callable[[Session, Edition, Approval, datetime], None]
    apply: Callable[[Session, Edition, Approval, Actor, datetime], None]


def state_digest(session: Session, edition: Edition, approval: Approval) -> str:
    """What the thing is like now; an approval holds only for the state it was asked on."""
    return hashlib.sha256(msgspec.json.encode(CHANGES[ApprovalSubject(approval.subject)].state(session, edition, approval))).hexdigest()


def asked_rules(approval: Approval) -> StageRules:
    """The stage rules of a question; kept as one text, so that rubrics and quotas stay in their order."""
    return msgspec.json.decode(approval.payload["rules"], type=StageRules)


def calls_touched(session: Session, edition: Edition, approval: Approval) -> list[int]:
    """The divisions whose people feel the change."""
    if approval.subject == ApprovalSubject.CALL_WINDOWS:
        return [int(key) for key in approval.payload["windows"]]
    if approval.subject == ApprovalSubject.CALL_RULES:
        return [approval.subject_id]
    return [call.id for call in calls_of(session, edition)]


def stage_touched(approval: Approval) -> int | None:
    """The one stage that changes, if it is one."""
    return approval.subject_id if approval.subject in (ApprovalSubject.STAGE_RULES, ApprovalSubject.STAGE_WINDOW) else None


def stage_of(session: Session, edition: Edition, approval: Approval) -> Stage:
    stage = session.get(Stage, approval.subject_id, populate_existing=True)
    if stage is None or stage.edition_id != edition.id:
        raise UnknownThing
    return stage


def call_of(session: Session, edition: Edition, call_id: int) -> Call:
    call = session.get(Call, call_id, populate_existing=True)
    if call is None or call.edition_id != edition.id:
        raise UnknownThing
    return call


def check_window(opens_at: datetime, closes_at: datetime, now: datetime) -> None:
    """A window ends after it begins and never before now."""
    if closes_at <= opens_at:
        raise WindowDisordered(field="closes_at")
    if closes_at <= now:
        raise WindowInPast(field="closes_at")


def _moments(pair: list[str]) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(pair[0]), datetime.fromisoformat(pair[1])


def _rules_state(session: Session, edition: Edition, approval: Approval) -> object:
    stage = stage_of(session, edition, approval)
    return (rules_digest(stage.rules), stage.state, stage.rule_version_id)


def _check_rules(session: Session, edition: Edition, approval: Approval, now: datetime) -> None:
    stage, rules = stage_of(session, edition, approval), asked_rules(approval)
    if stage.state in SETTLED:
        raise StageSealed
    faults = blocking(stage_faults(rules, judged=stage.kind in JUDGED, earlier=bool(judged_before(session, stage))))
    if faults:
        raise RulesFaulty(faults)
    has_marks = affected(session, calls_touched(session, edition, approval), stage.id).get("sheets", 0) > 0
    if stage.state == StageState.OPEN and has_marks and rules.rubrics != stage.rules.rubrics:
        raise MarksExist


def _apply_rules(session: Session, edition: Edition, approval: Approval, actor: Actor, now: datetime) -> None:
    stage, rules = stage_of(session, edition, approval), asked_rules(approval)
    stage.rules = rules
    if stage.state == StageState.OPEN:
        version = freeze_rules(session, stage=stage, rules=rules, reason=approval.reason, actor=actor, now=now)
        fact = RulesVersioned(stage.id, edition.id, version.number, version.digest, approval.reason)
        record(session, fact, actor=actor, now=now)
    else:
        record(session, StageEdited(stage.id, edition.id, rules_digest(rules)), actor=actor, now=now)


def _stage_window_state(session: Session, edition: Edition, approval: Approval) -> object:
    stage = stage_of(session, edition, approval)
    return (stage.opens_at, stage.closes_at, stage.state)


def _check_stage_window(session: Session, edition: Edition, approval: Approval, now: datetime) -> None:
    if stage_of(session, edition, approval).state in SETTLED:
        raise StageSealed
    check_window(*_moments(approval.payload["window"]), now)


def _apply_stage_window(session: Session, edition: Edition, approval: Approval, actor: Actor, now: datetime) -> None:
    stage = stage_of(session, edition, approval)
    stage.opens_at, stage.closes_at = _moments(approval.payload["window"])
    record(session, StageEdited(stage.id, edition.id, rules_digest(stage.rules)), actor=actor, now=now)


def _windows_state(session: Session, edition: Edition, approval: Approval) -> object:
    calls = (call_of(session, edition, int(key)) for key in sorted(approval.payload["windows"]))
    return [(call.id, call.opens_at, call.closes_at) for call in calls]


def _check_windows(session: Session, edition: Edition, approval: Approval, now: datetime) -> None:
    first = session.scalar(judged_stages(edition.id).limit(1))
    if first is not None and first.state in SETTLED:
        raise JudgingIsOver
    for key, pair in approval.payload["windows"].items():
        call = call_of(session, edition, int(key))
        opens_at, closes_at = _moments(pair)
        if opens_at != call.opens_at and opens_at < now:
            raise WindowInPast(field="opens_at")
        check_window(opens_at, closes_at, now)


def _apply_windows(session: Session, edition: Edition, approval: Approval, actor: Actor, now: datetime) -> None:
    for key, pair in approval.payload["windows"].items():
        call = call_of(session, edition, int(key))
        call.opens_at, call.closes_at = _moments(pair)
    record(session, WindowsMoved(edition.id, edition.id, approval.payload["windows"], approval.id), actor=actor, now=now)


def _call_state(session: Session, edition: Edition, approval: Approval) -> object:
    call = call_of(session, edition, approval.subject_id)
    return (call.rules, call.quota, call.form_version_id)


def _check_call(session: Session, edition: Edition, approval: Approval, now: datetime) -> None:
    call_of(session, edition, approval.subject_id)
    faults = eligibility_faults(msgspec.convert(approval.payload["rules"], CallRules).eligibility)
    if faults:
        raise RulesFaulty(faults)


def _apply_call(session: Session, edition: Edition, approval: Approval, actor: Actor, now: datetime) -> None:
    call, payload = call_of(session, edition, approval.subject_id), approval.payload
    call.rules = msgspec.convert(payload["rules"], CallRules)
    call.quota, call.form_version_id = payload["quota"], payload["form_version_id"]
    record(session, CallEdited(call.id, edition.id, ["rules", "quota", "form_version_id"]), actor=actor, now=now)


def _edition_state(session: Session, edition: Edition, approval: Approval) -> object:
    return edition.state


def _check_cancellation(session: Session, edition: Edition, approval: Approval, now: datetime) -> None:
    EDITION.target(edition.state, EditionAction.CANCEL)


def _cancel(session: Session, edition: Edition, approval: Approval, actor: Actor, now: datetime) -> None:
    """The edition stays visible as cancelled; what else waits lapses."""
    edition.state = EDITION.target(edition.state, EditionAction.CANCEL)
    lapse_with_edition(session, edition=edition, actor=actor, now=now, deciding=approval)
    record(session, EditionCancelled(edition.id, edition.id, approval.reason), actor=actor, now=now)


CHANGES = {
    ApprovalSubject.STAGE_RULES: Change(_rules_state, _check_rules, _apply_rules),
    ApprovalSubject.STAGE_WINDOW: Change(_stage_window_state, _check_stage_window, _apply_stage_window),
    ApprovalSubject.CALL_WINDOWS: Change(_windows_state, _check_windows, _apply_windows),
    ApprovalSubject.CALL_RULES: Change(_call_state, _check_call, _apply_call),
    ApprovalSubject.CANCELLATION: Change(_edition_state, _check_cancellation, _cancel),
}
