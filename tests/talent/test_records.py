"""From a prize to a confirmed selection: never without checks, notice and a second person."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.waiting import waiting_tasks
from app.audit import bus
from app.core.authz import SYSTEM, Actor
from app.core.states import IllegalTransition
from app.notices.enums import NoticeState
from app.notices.operations import withdraw_notice
from app.results.enums import AwardState
from app.results.events import AwardRevoked, ResultReleased
from app.results.models import Award
from app.results.operations import compute_run, propose_run, release_run
from app.talent.enums import CheckKind, CheckResult, RecordState, Skip
from app.talent.errors import (
    CannotBeWaived,
    CheckIsAutomatic,
    ChecksOpen,
    NotChecked,
    NoticeStillOpen,
    NoticeWithdrawnAlready,
    ReasonRequired,
    SecondPersonNeeded,
    SkipNotAllowed,
    UnknownAward,
)
from app.talent.models import SelectionCheck, SelectionRecord
from app.talent.operations import (
    confirm_record,
    decide_check,
    draft_selection_notice,
    finish_checks,
    propose_records,
    publish_selection_notice,
    refuse_record,
    reopen_checks,
    revoke_record,
    save_fast_track,
    waive_check,
)
from app.talent.subscribers import close_records, propose_winners
from tests.conftest import NOW
from tests.factories.accounts import acting
from tests.factories.results import World, make_world
from tests.factories.talent import Office, make_office

ANSWERS = {"answers": {"birth_date": "1990-05-01", "degree": "doctor"}}
TEXTS = {"contact": "人才办 0512-00000000", "discipline_contact": "纪检组 0512-00000001"}
AFTER = datetime(2026, 3, 21, 2, 0, tzinfo=UTC)  # Saturday after five working days


def prized(session: Session, answers: dict[str, object] = ANSWERS) -> tuple[World, Office, SelectionRecord]:
    """A released result whose first prize leads into the programme, and the record that came of it."""
    world, office = make_world(session, [["90"] * 5, ["80"] * 5, ["70"] * 5, ["60"] * 5]), make_office(session)
    save_fast_track(
        session,
        edition=world.edition,
        award_key="first",
        tier=office.tier,
        skips=[Skip.DEFENCE],
        valid_months=24,
        landing_months=12,
        actor=SYSTEM,
        now=NOW,
    )
    world.entries[0].eligibility = answers
    released(session, world)
    record = session.scalars(select(SelectionRecord)).one()
    return world, office, record


def released(session: Session, world: World) -> ResultReleased:
    run = compute_run(session, stage=world.stage, call=world.call, actor=acting(session, world.organizer), now=NOW)
    propose_run(session, run=run, actor=acting(session, world.organizer), now=NOW)
    release_run(session, run=run, actor=acting(session, world.host), now=NOW)
    event = ResultReleased(run.id, world.edition.id, world.stage.id, world.call.id, run.number, run.digest)
    propose_winners(session, event, NOW)
    return event


def check_of(session: Session, record: SelectionRecord, kind: CheckKind) -> SelectionCheck:
    return session.scalars(select(SelectionCheck).where(SelectionCheck.record_id == record.id, SelectionCheck.kind == kind)).one()


def checked(session: Session, office: Office, record: SelectionRecord) -> Actor:
    officer = acting(session, office.officer)
    decide_check(
        session,
        check=check_of(session, record, CheckKind.IDENTITY),
        result=CheckResult.PASS,
        reason="passport seen",
        actor=officer,
        now=NOW,
    )
    finish_checks(session, record=record, actor=officer, now=NOW)
    return officer


def on_notice(session: Session, office: Office, record: SelectionRecord) -> None:
    officer = checked(session, office, record)
    notice = draft_selection_notice(
        session,
        program=office.program,
        records=[record],
        title="拟入选人员公示",
        starts_on=date(2026, 3, 16),
        actor=officer,
        now=NOW,
        **TEXTS,
    )
    publish_selection_notice(session, notice=notice, actor=officer, now=NOW)


def test_each_winner_gets_a_record_with_its_dates_and_skips(session: Session) -> None:
    world, office, record = prized(session)
    assert (record.user_id, record.tier_id, record.skips) == (world.entries[0].leader_id, office.tier.id, ["defence"])
    assert (record.valid_until, record.land_until) == (date(2028, 3, 16), date(2027, 3, 16))
    assert record.number == "RX-2026-0001"


def test_hearing_of_the_release_twice_makes_no_second_record(session: Session) -> None:
    world, _, _ = prized(session)
    propose_records(session, edition_id=world.edition.id, actor=SYSTEM, now=NOW)
    assert session.scalar(select(func.count()).select_from(SelectionRecord)) == 1


def test_the_subscribers_are_known_to_the_journal(session: Session) -> None:
    assert "talent.subscribers.propose_winners" in bus.subscribers_of(ResultReleased.name)
    assert "talent.subscribers.close_records" in bus.subscribers_of(AwardRevoked.name)


def test_automatic_checks_answer_from_the_entry(session: Session) -> None:
    _, _, record = prized(session)
    rows = session.scalars(select(SelectionCheck).where(SelectionCheck.record_id == record.id).order_by(SelectionCheck.position)).all()
    assert [(r.kind, r.result, r.is_automatic) for r in rows] == [
        ("identity", CheckResult.PENDING, False),
        ("age", CheckResult.PASS, True),
        ("degree", CheckResult.PASS, True),
        ("not_supported", CheckResult.PASS, True),
        ("contest_valid", CheckResult.PASS, True),
        ("landing", CheckResult.PASS, True),
    ]


def test_a_condition_not_met_can_be_waived_but_not_decided(session: Session) -> None:
    _, office, record = prized(session, {"answers": {"birth_date": "1970-05-01", "degree": "doctor"}})
    age, officer = check_of(session, record, CheckKind.AGE), acting(session, office.officer)
    assert (age.result, age.reason != "") == (CheckResult.FAIL, True)
    with pytest.raises(CheckIsAutomatic):
        decide_check(session, check=age, result=CheckResult.PASS, reason="looks young", actor=officer, now=NOW)
    waive_check(session, check=age, reason="exception granted by the committee", actor=officer, now=NOW)
    assert (age.result, age.officer_id) == (CheckResult.WAIVED, office.officer.id)


def test_an_unanswered_question_is_left_to_the_officer(session: Session) -> None:
    _, office, record = prized(session, {"answers": {"birth_date": "1990-05-01"}})
    degree = check_of(session, record, CheckKind.DEGREE)
    assert (degree.result, degree.is_automatic) == (CheckResult.PENDING, False)
    decide_check(
        session,
        check=degree,
        result=CheckResult.PASS,
        reason="certificate seen",
        actor=acting(session, office.officer),
        now=NOW,
    )
    assert degree.result == CheckResult.PASS


def test_what_nobody_may_waive(session: Session) -> None:
    _, office, record = prized(session)
    with pytest.raises(CannotBeWaived):
        waive_check(
            session,
            check=check_of(session, record, CheckKind.IDENTITY),
            reason="well known",
            actor=acting(session, office.officer),
            now=NOW,
        )


def test_a_decision_needs_its_reason(session: Session) -> None:
    _, office, record = prized(session)
    with pytest.raises(ReasonRequired):
        decide_check(
            session,
            check=check_of(session, record, CheckKind.IDENTITY),
            result=CheckResult.PASS,
            reason=" ok ",
            actor=acting(session, office.officer),
            now=NOW,
        )


def test_checks_are_finished_only_when_all_are_met(session: Session) -> None:
    _, office, record = prized(session)
    with pytest.raises(ChecksOpen):
        finish_checks(session, record=record, actor=acting(session, office.officer), now=NOW)


def test_the_whole_way_to_a_confirmed_record(session: Session) -> None:
    _, office, record = prized(session)
    on_notice(session, office, record)
    confirm_record(session, record=record, actor=acting(session, office.second), now=AFTER)
    assert (record.state, record.confirmed_by_id) == (RecordState.CONFIRMED, office.second.id)


def test_officers_find_what_waits_on_their_first_page(app: Flask, session: Session) -> None:
    _, office, record = prized(session)

    def waiting(user: User, now: datetime = NOW) -> list[str]:
        with app.test_request_context("/my/"):
            return [str(task.label) for task in waiting_tasks(session, acting(session, user), now)]

    assert waiting(office.officer) == waiting(office.second) == ["1 份入选记录待核查"]
    officer = checked(session, office, record)
    assert waiting(office.second) == ["1 名核查通过人选待公示"]
    notice = draft_selection_notice(
        session, program=office.program, records=[record], title="公示", starts_on=date(2026, 3, 16), actor=officer, now=NOW, **TEXTS
    )
    assert waiting(office.second) == ["1 名核查通过人选待公示"]
    publish_selection_notice(session, notice=notice, actor=officer, now=NOW)
    assert waiting(office.second) == []
    assert (waiting(office.officer, AFTER), waiting(office.second, AFTER)) == ([], ["1 名人选公示期满，待您确认"])
    confirm_record(session, record=record, actor=acting(session, office.second), now=AFTER)
    assert waiting(office.second, AFTER) == []


def test_nobody_is_confirmed_during_the_notice(session: Session) -> None:
    _, office, record = prized(session)
    on_notice(session, office, record)
    last_day = datetime(2026, 3, 20, 15, 59, tzinfo=UTC)  # 23:59 on the fifth working day in Shanghai
    with pytest.raises(NoticeStillOpen):
        confirm_record(session, record=record, actor=acting(session, office.second), now=last_day)


def test_the_officer_who_checked_does_not_confirm(session: Session) -> None:
    _, office, record = prized(session)
    on_notice(session, office, record)
    with pytest.raises(SecondPersonNeeded):
        confirm_record(session, record=record, actor=acting(session, office.officer), now=AFTER)


def test_a_record_skips_neither_checks_nor_notice(session: Session) -> None:
    _, office, record = prized(session)
    with pytest.raises(IllegalTransition):
        confirm_record(session, record=record, actor=acting(session, office.second), now=AFTER)
    with pytest.raises(NotChecked):
        draft_selection_notice(
            session,
            program=office.program,
            records=[record],
            title="x",
            starts_on=date(2026, 3, 16),
            actor=acting(session, office.officer),
            now=NOW,
            **TEXTS,
        )


def test_a_withdrawn_notice_confirms_nobody(session: Session) -> None:
    _, office, record = prized(session)
    on_notice(session, office, record)
    notice = record.notice
    assert notice is not None
    assert notice.state == NoticeState.PUBLISHED
    withdraw_notice(session, notice=notice, reason="wrong tier printed", actor=acting(session, office.officer), now=NOW)
    with pytest.raises(NoticeWithdrawnAlready):
        confirm_record(session, record=record, actor=acting(session, office.second), now=AFTER)
    reopen_checks(session, record=record, reason="wrong tier printed", actor=acting(session, office.officer), now=NOW)
    assert (record.state, record.notice_id) == (RecordState.PROPOSED, None)


def test_the_published_list_names_nothing_but_what_it_must(session: Session) -> None:
    _, office, record = prized(session)
    on_notice(session, office, record)
    notice = record.notice
    assert notice is not None
    assert notice.rows == [
        {
            "number": record.number,
            "name": record.person_name,
            "unit": record.unit,
            "tier": "领军人才",
            "basis": "一等奖",
        }
    ]
    assert (notice.starts_on, notice.ends_on, notice.number) == (date(2026, 3, 16), date(2026, 3, 20), "GS-2026-0001")


def test_records_close_with_a_reason(session: Session) -> None:
    _, office, record = prized(session)
    officer = acting(session, office.officer)
    with pytest.raises(ReasonRequired):
        refuse_record(session, record=record, reason="no", actor=officer, now=NOW)
    refuse_record(session, record=record, reason="false degree certificate", actor=officer, now=NOW)
    assert (record.state, record.closed_reason) == (RecordState.REFUSED, "false degree certificate")


def test_a_confirmed_record_can_be_revoked(session: Session) -> None:
    _, office, record = prized(session)
    on_notice(session, office, record)
    confirm_record(session, record=record, actor=acting(session, office.second), now=AFTER)
    revoke_record(session, record=record, reason="did not land in time", actor=acting(session, office.officer), now=AFTER)
    assert record.state == RecordState.REVOKED


def test_a_revoked_award_takes_its_record_with_it(session: Session) -> None:
    _, _, record = prized(session)
    award = session.get_one(Award, record.award_id)
    award.state, award.revoked_at = AwardState.REVOKED, NOW
    event = AwardRevoked(award.id, award.edition_id, award.entry_id, "plagiarism proved")
    close_records(session, event, NOW)
    close_records(session, event, NOW)
    assert (record.state, record.closed_reason) == (RecordState.REFUSED, "plagiarism proved")


def test_a_prize_never_skips_more_than_it_may(session: Session) -> None:
    world, office = make_world(session, [["90"] * 5]), make_office(session)
    given = {
        "edition": world.edition,
        "tier": office.tier,
        "valid_months": 12,
        "landing_months": 12,
        "actor": SYSTEM,
        "now": NOW,
    }
    for skip in ("eligibility", "notice", "landing", "due_diligence"):
        with pytest.raises(SkipNotAllowed):
            save_fast_track(session, award_key="first", skips=[skip], **given)
    with pytest.raises(UnknownAward):
        save_fast_track(session, award_key="platinum", skips=[], **given)


def test_a_second_record_on_the_same_level_fails_its_check(session: Session) -> None:
    _, office, record = prized(session)
    on_notice(session, office, record)
    confirm_record(session, record=record, actor=acting(session, office.second), now=AFTER)
    world = make_world(session, [["90"] * 5])
    world.entries[0].leader_id = record.user_id
    save_fast_track(
        session,
        edition=world.edition,
        award_key="first",
        tier=office.tier,
        skips=[],
        valid_months=1,
        landing_months=1,
        actor=SYSTEM,
        now=NOW,
    )
    released(session, world)
    second = session.scalars(select(SelectionRecord).where(SelectionRecord.id != record.id)).one()
    assert check_of(session, second, CheckKind.NOT_SUPPORTED).result == CheckResult.FAIL
