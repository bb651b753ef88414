"""The checks of a record: the automatic ones from the entry's answers, the others by an officer with a reason."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.audit.operations import record as note
from app.calls.models import Call
from app.core import clock
from app.core.authz import Actor
from app.core.uow import lock
from app.entries.models import Entry, EntryVersion
from app.results.enums import AwardState
from app.results.models import Award
from app.talent.enums import CheckKind, CheckResult, RecordAction, RecordState
from app.talent.errors import CannotBeWaived, CheckIsAutomatic, ChecksFinished, ChecksOpen, ReasonRequired
from app.talent.events import CheckDecided, ChecksDone, ChecksReopened
from app.talent.models import Program, SelectionCheck, SelectionRecord, Tier
from app.talent.rules import NEVER_WAIVED, OWN, ProgramCheck, all_met, checks_of, facts_of, judge
from app.talent.states import RECORD

LEAST_REASON = 4
BY_HAND = frozenset({CheckResult.PASS, CheckResult.FAIL, CheckResult.MORE})


def make_checks(session: Session, *, record: SelectionRecord, now: datetime) -> list[SelectionCheck]:
    """The programme's checks for a new record, the automatic ones judged."""
    program = session.get_one(Program, session.get_one(Tier, record.tier_id).program_id)
    made = checks_of(program.checks)
    rows = [SelectionCheck(record_id=record.id, kind=check.kind, position=n) for n, check in enumerate(made)]
    session.add_all(rows)
    session.flush()  # judging asks for the rows
    run_checks(session, record=record, now=now)
    return rows


def run_checks(session: Session, *, record: SelectionRecord, now: datetime) -> list[SelectionCheck]:
    """Judge the automatic checks again; what an officer decided or waived stays."""
    program = session.get_one(Program, session.get_one(Tier, record.tier_id).program_id)
    wanted = {check.kind: check for check in checks_of(program.checks)}
    rows = list(session.scalars(select(SelectionCheck).where(SelectionCheck.record_id == record.id).order_by(SelectionCheck.position)))
    facts, on = _facts(session, record), _cut_off(session, record)
    for row in rows:
        if row.officer_id is not None:
            continue
        found = _own(session, record, row.kind, now) or judge(
            wanted.get(CheckKind(row.kind)) or ProgramCheck(CheckKind(row.kind)), facts, on
        )
        if found is not None:
            row.result, row.reason = found
            row.is_automatic = row.result != CheckResult.PENDING
            row.decided_at = now if row.is_automatic else None
    session.flush()  # finishing asks for the results
    return rows


def decide_check(
    session: Session, *, check: SelectionCheck, result: CheckResult, reason: str, actor: Actor, now: datetime
) -> SelectionCheck:
    """An officer's finding, with what it rests on. Records CheckDecided."""
    record = _in_check(session, check)
    if check.is_automatic or check.kind in OWN:
        raise CheckIsAutomatic
    if result not in BY_HAND:
        raise CannotBeWaived(field="result")
    return _decide(session, record, check, result, reason, actor, now)


def waive_check(session: Session, *, check: SelectionCheck, reason: str, actor: Actor, now: datetime) -> SelectionCheck:
    """Let a condition pass unmet, by name and with a reason. Records CheckDecided. Raises CannotBeWaived."""
    record = _in_check(session, check)
    if check.kind in NEVER_WAIVED:
        raise CannotBeWaived
    return _decide(session, record, check, CheckResult.WAIVED, reason, actor, now)


def finish_checks(session: Session, *, record: SelectionRecord, actor: Actor, now: datetime) -> SelectionRecord:
    """All conditions are met or waived; the officer proposes the selection. Raises ChecksOpen. Records ChecksDone."""
    lock(session, record)
    target = RECORD.target(record.state, RecordAction.FINISH_CHECKS)
    results = [row.result for row in run_checks(session, record=record, now=now)]
    if not all_met(results):
        raise ChecksOpen(sum(not all_met([result]) for result in results))
    record.state, record.proposed_by_id = target, actor.user_id
    note(session, ChecksDone(record.id, edition_of(session, record)), actor=actor, now=now)
    return record


def reopen_checks(session: Session, *, record: SelectionRecord, reason: str, actor: Actor, now: datetime) -> SelectionRecord:
    """Back into check, off any notice. Records ChecksReopened."""
    lock(session, record)
    if len(reason.strip()) < LEAST_REASON:
        raise ReasonRequired(field="reason")
    record.state = RECORD.target(record.state, RecordAction.REOPEN_CHECKS)
    record.proposed_by_id = record.notice_id = None
    note(session, ChecksReopened(record.id, edition_of(session, record), reason), actor=actor, now=now)
    return record


def edition_of(session: Session, record: SelectionRecord) -> int | None:
    """The edition on whose chain the record's facts are kept."""
    return session.scalar(select(Entry.edition_id).where(Entry.id == record.entry_id))


def _in_check(session: Session, check: SelectionCheck) -> SelectionRecord:
    record = lock(session, session.get_one(SelectionRecord, check.record_id))
    lock(session, check)
    if record.state != RecordState.PROPOSED:
        raise ChecksFinished
    return record


def _decide(session: Session, record: SelectionRecord, check: SelectionCheck, result: CheckResult, reason: str, actor: Actor,
            now: datetime) -> SelectionCheck:  # fmt: skip
    if len(reason.strip()) < LEAST_REASON:
        raise ReasonRequired(field="reason")
    check.result, check.reason, check.officer_id, check.decided_at = result, reason.strip(), actor.user_id, now
    check.is_automatic = False
    session.flush()  # the waiver CHECK speaks before the fact
    fact = CheckDecided(check.id, record.id, edition_of(session, record), check.kind, result, reason.strip())
    note(session, fact, actor=actor, now=now)
    return check


def _facts(session: Session, record: SelectionRecord) -> dict[str, object]:
    """The answers of the version that counted, with the questionnaire before the form."""
    row = session.execute(
        select(Entry.eligibility, Entry.answers, EntryVersion.content)
        .outerjoin(EntryVersion, EntryVersion.id == Entry.current_version_id)
        .where(Entry.id == record.entry_id)
    ).first()
    if row is None:
        return {}
    answers = (row.content or {}).get("answers") or row.answers or {}
    return facts_of(row.eligibility or {}, answers)


def _cut_off(session: Session, record: SelectionRecord) -> date:
    """The day that counts where a check names none: the closing day of the entry's call."""
    closes = session.scalar(select(Call.closes_at).join(Entry, Entry.call_id == Call.id).where(Entry.id == record.entry_id))
    return clock.local_date(closes or record.proposed_at)


def _own(session: Session, record: SelectionRecord, kind: str, now: datetime) -> tuple[CheckResult, str] | None:
    if kind == CheckKind.CONTEST_VALID:
        award = session.get(Award, record.award_id) if record.award_id else None
        if award is None:
            return None
        return (CheckResult.PASS, "award_valid") if award.state == AwardState.GRANTED else (CheckResult.FAIL, "award_revoked")
    if kind == CheckKind.NOT_SUPPORTED:
        return (CheckResult.FAIL, "supported_before") if _supported(session, record) else (CheckResult.PASS, "not_supported_here")
    if kind == CheckKind.LANDING:
        within = clock.local_date(now) <= record.land_until
        return (CheckResult.PASS, "landing_possible") if within else (CheckResult.FAIL, "landing_late")
    return None


def _supported(session: Session, record: SelectionRecord) -> bool:
    """Whether the person already has a confirmed record with at least this support."""
    support = session.scalar(select(Tier.support_wan).where(Tier.id == record.tier_id))
    other = (
        select(SelectionRecord.id)
        .join(Tier, Tier.id == SelectionRecord.tier_id)
        .where(SelectionRecord.user_id == record.user_id, SelectionRecord.id != record.id)
        .where(SelectionRecord.state == RecordState.CONFIRMED)
        .where(or_(Tier.support_wan >= support, Tier.id == record.tier_id))
    )
    return session.scalar(other.limit(1)) is not None
