"""Changes of published rules and dates: asked by one, decided by another, told to all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.audit.models import JournalEvent
from app.calls.enums import ApprovalSubject, EditionState
from app.calls.errors import (
    AlreadyAsked,
    AlreadyDecided,
    ApprovalStale,
    JudgingIsOver,
    NeedsApproval,
    NotEditable,
    ReasonMissing,
    RulesFaulty,
    SamePerson,
    StageSealed,
    WindowInPast,
    WindowsNotOver,
)
from app.calls.models import Announcement, Approval, Edition, Stage
from app.calls.operations.approvals import ask_change, decide_change, withdraw_change
from app.calls.operations.calls import edit_call, move_windows
from app.calls.operations.freezing import EditionIsFrozen, freeze_edition
from app.calls.operations.publishing import archive_edition
from app.calls.operations.stage_rules import save_stage_rules
from app.calls.operations.stages import open_stage, seal_stage
from app.calls.queries import calls_in, dossiers_of, stages_in
from app.calls.queries.approvals import approval_lines
from app.calls.rules import Rubric, StageRules
from app.core.authz import Actor
from app.entries.enums import EntryState
from tests.conftest import NOW
from tests.factories.accounts import acting, grant, make_user
from tests.factories.calls import make_published, make_staff
from tests.factories.judging import make_scene
from tests.support.client import html, words

REASON = "专家数量不足，调整规则"


@pytest.fixture
def edition(session: Session) -> Edition:
    return make_published(session)


@pytest.fixture
def organizer(session: Session, edition: Edition) -> Actor:
    return make_staff(session, edition.host, Role.ORGANIZER)


@pytest.fixture
def host(session: Session, edition: Edition) -> Actor:
    return make_staff(session, edition.host, Role.HOST)


def roadshow(session: Session, edition: Edition) -> Stage:
    return stages_in(session, edition)[1]


def ask_rules(session: Session, edition: Edition, rules: StageRules, actor: Actor) -> Approval:
    stage = roadshow(session, edition)
    payload = {"rules": msgspec.json.encode(rules).decode()}
    return ask_change(
        session, edition=edition, subject=ApprovalSubject.STAGE_RULES, thing_id=stage.id, payload=payload, reason=REASON,
        actor=actor, now=NOW,
    )  # fmt: skip


def fewer_judges(session: Session, edition: Edition) -> StageRules:
    rules = roadshow(session, edition).rules
    return replace(rules, aggregation=replace(rules.aggregation, min_judges=4))


def test_nothing_published_changes_without_asking(session: Session, edition: Edition, organizer: Actor):
    stage, call = roadshow(session, edition), calls_in(session, edition)[0]
    with pytest.raises(NeedsApproval):
        save_stage_rules(session, stage=stage, rules=StageRules(), actor=organizer, now=NOW)
    with pytest.raises(NeedsApproval):
        edit_call(session, call=call, rules=call.rules, quota=1, form_version_id=None, actor=organizer, now=NOW)
    with pytest.raises(NeedsApproval):
        move_windows(session, edition=edition, windows={call.id: (NOW, NOW + timedelta(days=1))}, actor=organizer, now=NOW)


def test_a_decided_change_of_an_open_stage_is_a_new_version_with_its_reason(
    session: Session, edition: Edition, organizer: Actor, host: Actor
):
    stage = roadshow(session, edition)
    open_stage(session, stage=stage, actor=organizer, now=NOW)
    wanted = fewer_judges(session, edition)
    approval = ask_rules(session, edition, wanted, organizer)
    assert stage.rule_version.number == 1
    decide_change(session, approval=approval, approved=True, actor=host, now=NOW)
    session.refresh(stage)
    assert (stage.rule_version.number, stage.rule_version.rules, stage.rule_version.reason) == (2, wanted, REASON)
    assert [dossier.number for dossier in dossiers_of(session, edition)] == [2, 1]
    news = session.scalars(select(Announcement).where(Announcement.edition_id == edition.id)).one()
    assert REASON in news.body
    names = [
        row.name
        for row in session.scalars(select(JournalEvent).where(JournalEvent.chain == f"edition:{edition.id}").order_by(JournalEvent.seq))
    ]
    assert names[-4:] == ["calls.change_requested", "calls.rules_versioned", "calls.dossier_published", "calls.change_decided"]


def test_the_host_reads_whose_rubric_changes(app: Flask, session: Session):
    edition = make_published(session, "talent")
    rules = roadshow(session, edition).rules
    own = replace(rules, rubrics={**rules.rubrics, "team": rules.rubrics["*"]})
    ask_rules(session, edition, own, make_staff(session, edition.host, Role.ORGANIZER))
    with app.test_request_context("/"):
        line = approval_lines(session, edition)[0]
    assert line.before == []
    assert line.after != []
    assert all(text.startswith("团队组：") for text in line.after)


def test_whoever_asked_cannot_decide(session: Session, edition: Edition, host: Actor):
    approval = ask_rules(session, edition, fewer_judges(session, edition), host)
    with pytest.raises(SamePerson):
        decide_change(session, approval=approval, approved=True, actor=host, now=NOW)


def test_a_stale_question_is_refused(session: Session, edition: Edition, organizer: Actor, host: Actor):
    approval = ask_rules(session, edition, fewer_judges(session, edition), organizer)
    roadshow(session, edition).rules = StageRules()
    with pytest.raises(ApprovalStale):
        decide_change(session, approval=approval, approved=True, actor=host, now=NOW)


def ask_dates(session: Session, edition: Edition, actor: Actor) -> list[Approval]:
    """Both kinds of dates: when the roadshow takes place, and until when entries come in."""
    stage, call = roadshow(session, edition), calls_in(session, edition)[0]
    later = [[thing.opens_at.isoformat(), (thing.closes_at + timedelta(days=2)).isoformat()] for thing in (stage, call)]
    payloads: list[tuple[ApprovalSubject, int, dict[str, Any]]] = [
        (ApprovalSubject.STAGE_WINDOW, stage.id, {"window": later[0]}),
        (ApprovalSubject.CALL_WINDOWS, edition.id, {"windows": {str(call.id): later[1]}}),
    ]
    return [
        ask_change(session, edition=edition, subject=subject, thing_id=thing, payload=payload, reason=REASON, actor=actor, now=NOW)
        for subject, thing, payload in payloads
    ]


def has_lapsed(session: Session, approval: Approval) -> bool:
    """Ended, decided by nobody, and told by the journal."""
    fact = select(JournalEvent).where(JournalEvent.name == "calls.change_lapsed", JournalEvent.subject_id == approval.id)
    ended = (approval.decided_at, approval.approved) == (NOW, None)
    assert ended == (session.scalars(fact).first() is not None)
    return ended


def test_what_is_asked_about_a_stage_lapses_when_the_stage_opens(session: Session, edition: Edition, organizer: Actor, host: Actor):
    rules = ask_rules(session, edition, fewer_judges(session, edition), organizer)
    stage_dates, entry_dates = ask_dates(session, edition, organizer)
    open_stage(session, stage=roadshow(session, edition), actor=organizer, now=NOW)
    assert [has_lapsed(session, approval) for approval in (rules, stage_dates, entry_dates)] == [True, True, False]
    with pytest.raises(AlreadyDecided):
        decide_change(session, approval=stage_dates, approved=True, actor=host, now=NOW)
    again = ask_rules(session, edition, fewer_judges(session, edition), organizer)
    decide_change(session, approval=again, approved=True, actor=host, now=NOW)
    assert roadshow(session, edition).rule_version.number == 2


def test_no_question_about_dates_outlives_the_sealing_of_the_first_judged_stage(
    session: Session, edition: Edition, organizer: Actor, host: Actor
):
    stage = roadshow(session, edition)
    open_stage(session, stage=stage, actor=organizer, now=NOW)
    questions = ask_dates(session, edition, organizer)
    seal_stage(session, stage=stage, actor=organizer, now=NOW)
    assert [has_lapsed(session, approval) for approval in questions] == [True, True]
    closes = calls_in(session, edition)[0].closes_at
    with pytest.raises(StageSealed):
        ask_dates(session, edition, organizer)
    payload = {"windows": {str(calls_in(session, edition)[0].id): questions[1].payload["windows"].popitem()[1]}}
    with pytest.raises(JudgingIsOver):
        ask_change(session, edition=edition, subject=ApprovalSubject.CALL_WINDOWS, thing_id=edition.id, payload=payload, reason=REASON,
                   actor=organizer, now=NOW)  # fmt: skip
    assert calls_in(session, edition)[0].closes_at == closes


def test_questions_lapse_with_the_edition_but_for_the_one_that_ends_it(session: Session, edition: Edition, organizer: Actor, host: Actor):
    questions = ask_dates(session, edition, organizer)
    off = ask_change(session, edition=edition, subject=ApprovalSubject.CANCELLATION, thing_id=edition.id, payload={}, reason=REASON,
                     actor=organizer, now=NOW)  # fmt: skip
    decide_change(session, approval=off, approved=True, actor=host, now=NOW)
    assert (off.approved, has_lapsed(session, off)) == (True, False)
    assert [has_lapsed(session, approval) for approval in questions] == [True, True]


def test_a_file_is_closed_only_on_what_took_place_and_takes_its_questions_with_it(
    session: Session, edition: Edition, organizer: Actor, host: Actor
):
    call, asked = calls_in(session, edition)[0], ask_dates(session, edition, organizer)[0]
    for early in (NOW, call.opens_at, call.closes_at - timedelta(microseconds=1)):
        with pytest.raises(WindowsNotOver):
            archive_edition(session, edition=edition, actor=host, now=early)
    assert (edition.state, asked.decided_at) == (EditionState.PUBLISHED, None)
    archive_edition(session, edition=edition, actor=host, now=call.closes_at)
    assert (edition.state, asked.decided_at, asked.approved) == (EditionState.ARCHIVED, call.closes_at, None)


def test_the_page_of_decisions_says_what_lapsed_and_what_was_taken_back(client: FlaskClient, session: Session, edition: Edition):
    user = make_user(session)
    grant(session, user, Role.ORGANIZER, organization=edition.host)
    organizer = acting(session, user)
    _rules = ask_rules(session, edition, fewer_judges(session, edition), organizer)
    _stage_dates, entry_dates = ask_dates(session, edition, organizer)
    withdraw_change(session, approval=entry_dates, actor=organizer, now=NOW)
    open_stage(session, stage=roadshow(session, edition), actor=organizer, now=NOW)
    client.sign_in(user)
    heads = html(client.get(f"/manage/{edition.code}/approvals")).select(".panel-head")
    assert [head.select_one(".badge-state").get_text(strip=True) for head in heads] == ["已收回", "已失效", "已失效", "已批准"]


def test_a_question_is_decided_once_and_asked_once(session: Session, edition: Edition, organizer: Actor, host: Actor):
    approval = ask_rules(session, edition, fewer_judges(session, edition), organizer)
    with pytest.raises(AlreadyAsked):
        ask_rules(session, edition, fewer_judges(session, edition), organizer)
    with pytest.raises(ReasonMissing):
        decide_change(session, approval=approval, approved=False, remark="", actor=host, now=NOW)
    decide_change(session, approval=approval, approved=False, remark="维持原规则", actor=host, now=NOW)
    assert approval.approved is False
    with pytest.raises(AlreadyDecided):
        decide_change(session, approval=approval, approved=True, actor=host, now=NOW)
    with pytest.raises(AlreadyDecided):
        withdraw_change(session, approval=approval, actor=organizer, now=NOW)
    assert roadshow(session, edition).rules.aggregation.min_judges == 5


def test_faulty_rules_cannot_even_be_asked_for(session: Session, edition: Edition, organizer: Actor):
    with pytest.raises(RulesFaulty):
        ask_rules(session, edition, replace(roadshow(session, edition).rules, rubrics={"*": Rubric()}), organizer)


def test_a_deadline_never_moves_before_now(session: Session, edition: Edition, organizer: Actor, host: Actor):
    call = calls_in(session, edition)[0]
    later = call.closes_at + timedelta(days=2)

    def ask(closes_at: object) -> Approval:
        payload = {"windows": {str(call.id): [call.opens_at.isoformat(), closes_at.isoformat()]}}  # type: ignore[attr-defined]
        return ask_change(session, edition=edition, subject=ApprovalSubject.CALL_WINDOWS, thing_id=edition.id, payload=payload,
                          reason=REASON, actor=organizer, now=call.opens_at + timedelta(days=3))  # fmt: skip

    with pytest.raises(WindowInPast):
        ask(call.opens_at + timedelta(days=2))
    approval = ask(later)
    with pytest.raises(WindowInPast):
        decide_change(session, approval=approval, approved=True, actor=host, now=later + timedelta(days=1))
    decide_change(session, approval=approval, approved=True, actor=host, now=NOW + timedelta(days=5))
    assert calls_in(session, edition)[0].closes_at == later


def test_a_frozen_edition_takes_no_questions(session: Session, edition: Edition, organizer: Actor):
    freeze_edition(session, edition=edition, reason="核查", actor=organizer, now=NOW)
    with pytest.raises(EditionIsFrozen):
        ask_rules(session, edition, fewer_judges(session, edition), organizer)


def test_a_reason_is_demanded(session: Session, edition: Edition, organizer: Actor):
    with pytest.raises(ReasonMissing):
        ask_change(session, edition=edition, subject=ApprovalSubject.STAGE_RULES, thing_id=roadshow(session, edition).id,
                   payload={"rules": {}}, reason=" x ", actor=organizer, now=NOW)  # fmt: skip


def test_a_contest_is_called_off_by_two_persons(session: Session, edition: Edition, organizer: Actor, host: Actor):
    approval = ask_change(session, edition=edition, subject=ApprovalSubject.CANCELLATION, thing_id=edition.id, payload={},
                          reason="报名不足，停办", actor=organizer, now=NOW)  # fmt: skip
    assert edition.state == EditionState.PUBLISHED
    with pytest.raises(SamePerson):
        decide_change(session, approval=approval, approved=True, actor=organizer, now=NOW)
    decide_change(session, approval=approval, approved=True, actor=host, now=NOW)
    assert edition.state == EditionState.CANCELLED
    assert len(dossiers_of(session, edition)) == 1
    with pytest.raises(NotEditable):
        ask_rules(session, edition, fewer_judges(session, edition), organizer)


def test_whoever_asks_reads_first_whom_it_touches_and_what_waits_already(client: FlaskClient, session: Session):
    scene = make_scene(session)
    manage, stage = f"/manage/{scene.edition.code}", f"/manage/{scene.edition.code}/stages/{scene.stage.id}"
    client.sign_in(scene.organizer)
    touched = "受影响范围 ：2 份已提交的申报 · 2 名团队成员 · 2 位评委"
    pages = [f"{manage}/divisions", f"{manage}/divisions/T1", stage, f"{stage}/dates", f"{stage}/rubrics/*"]
    waits = "该事项已有一项变更申请"
    for page in pages:
        shown = words(client.get(page))
        assert (touched in shown, waits in shown) == (True, False), page
    window = [scene.stage.opens_at.isoformat(), (scene.stage.closes_at + timedelta(days=1)).isoformat()]
    ask_change(session, edition=scene.edition, subject=ApprovalSubject.STAGE_WINDOW, thing_id=scene.stage.id, payload={"window": window},
               reason=REASON, actor=acting(session, scene.organizer), now=NOW)  # fmt: skip
    session.commit()
    assert [page for page in pages if waits in words(client.get(page))] == [f"{stage}/dates"]
    scene.entries[0].state = EntryState.WITHDRAWN
    session.commit()
    english = words(client.get(f"{manage}/approvals", headers={"Accept-Language": "en"}))
    assert "Affected : 1 submitted entry · 1 team member · 2 judges" in english
