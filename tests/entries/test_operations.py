"""Start, save, attach, hand in, check: what each does, what it refuses, what it leaves behind."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import select

from app.audit.models import JournalEvent
from app.calls.enums import EditionState, StageKind
from app.calls.models import Stage
from app.calls.operations.freezing import EditionIsFrozen
from app.calls.rules import CallRules, EditionRules
from app.core.errors import NotFound
from app.core.states import IllegalTransition
from app.dynforms.schema import Field, FieldKind, FormSchema, Text
from app.entries.enums import EntryAction, EntryState, MemberRole
from app.entries.errors import (
    AlreadyEntered,
    ChecklistOpen,
    Closed,
    DueInPast,
    EditedElsewhere,
    FieldLocked,
    NotEligible,
    NothingOpened,
    NotOffered,
    NotOpenYet,
    NotReady,
    QuotaFull,
    ReasonNeeded,
)
from app.entries.models import BlindCopy, EntryMember, EntryMove, FormalCheck, StageEntry
from app.entries.operations.attaching import attach_file, current_files, remove_file
from app.entries.operations.checking import accept_entry, disqualify_entry, reinstate_entry, reject_entry, return_entry
from app.entries.operations.content import canonical, digest_of
from app.entries.operations.drafts import save_answers, save_basics, start_entry
from app.entries.operations.handing_in import submit_entry, withdraw_entry
from app.entries.rules.merging import token_for
from app.entries.states import ENTRY
from app.files.errors import FileRefused, QuotaReached, TooManyPages
from app.files.limits import MEGABYTE
from tests.conftest import NOW
from tests.factories.accounts import acting, make_user
from tests.factories.entries import (
    hand_in,
    leader_of,
    make_accepted,
    make_call,
    make_edition,
    make_entry,
    make_submitted,
)
from tests.factories.files import pdf, upload


def names_of_events(session, entry) -> list[str]:
    session.flush()
    rows = select(JournalEvent.name).where(JournalEvent.subject == "entry", JournalEvent.subject_id == entry.id)
    return [name.removeprefix("entries.") for name in session.scalars(rows.order_by(JournalEvent.seq))]


def officer(session):
    return acting(session, make_user(session, "Officer"))


class TestStarting:
    def test_a_draft_begins_with_its_leader_as_the_team(self, session):
        user = make_user(session, "Li Hua")
        entry = start_entry(session, call=make_call(session), title="Pump", actor=acting(session, user), now=NOW)
        team = session.scalars(select(EntryMember).where(EntryMember.entry_id == entry.id)).all()
        assert (entry.state, entry.title, len(entry.code)) == (EntryState.DRAFT, "Pump", 8)
        assert [(m.user_id, m.role) for m in team] == [(user.id, MemberRole.LEADER)]
        assert names_of_events(session, entry) == ["entry_started"]

    @pytest.mark.parametrize(
        ("shift", "error"),
        [
            (timedelta(microseconds=-1), NotOpenYet),
            (timedelta(0), None),
            (timedelta(days=30, microseconds=-1), None),
            (timedelta(days=30), Closed),
        ],
    )
    def test_the_window_opens_at_its_instant_and_is_closed_at_its_end(self, session, shift, error):
        call = make_call(session, opens_at=NOW, closes_at=NOW + timedelta(days=30))
        actor = acting(session, make_user(session))
        if error is None:
            assert start_entry(session, call=call, actor=actor, now=NOW + shift).id
            return
        with pytest.raises(error):
            start_entry(session, call=call, actor=actor, now=NOW + shift)

    def test_failed_eligibility_unpublished_and_frozen_editions_take_nothing(self, session):
        actor = acting(session, make_user(session))
        with pytest.raises(NotEligible):
            start_entry(session, call=make_call(session), eligibility={"passed": False}, actor=actor, now=NOW)
        hidden = make_call(session, make_edition(session, state=EditionState.DRAFT))
        with pytest.raises(NotOffered):
            start_entry(session, call=hidden, actor=actor, now=NOW)
        frozen = make_call(session, make_edition(session, frozen_at=NOW))
        with pytest.raises(EditionIsFrozen):
            start_entry(session, call=frozen, actor=actor, now=NOW)

    def test_one_person_leads_one_entry_where_that_is_the_rule(self, session):
        call = make_call(session, make_edition(session, rules=EditionRules(one_entry_per_person=True)))
        actor = acting(session, make_user(session))
        first = start_entry(session, call=call, actor=actor, now=NOW)
        with pytest.raises(AlreadyEntered):
            start_entry(session, call=call, actor=actor, now=NOW)
        withdraw_entry(session, entry=first, reason="another idea", actor=actor, now=NOW)
        assert start_entry(session, call=call, actor=actor, now=NOW).id != first.id


class TestSaving:
    def test_the_same_save_twice_is_one_change(self, session):
        entry = make_entry(session, with_file=False)
        before, actor = entry.revision, leader_of(session, entry)
        for _again in range(20):
            save_answers(session, entry=entry, values={"summary": "New"}, actor=actor, now=NOW)
        assert (entry.answers["summary"], entry.revision) == ("New", before + 1)
        assert names_of_events(session, entry).count("answers_saved") == 2

    def test_two_members_who_change_different_fields_both_keep_their_words(self, session):
        entry = make_entry(session, answers={"summary": "old", "turnover": "1"}, with_file=False)
        page = token_for(["summary", "turnover"], entry.answers)
        actor = leader_of(session, entry)
        save_answers(session, entry=entry, values={"summary": "hers", "turnover": "1"}, token=page, actor=actor, now=NOW)
        save_answers(session, entry=entry, values={"summary": "old", "turnover": "2"}, token=page, actor=actor, now=NOW)
        assert entry.answers == {"summary": "hers", "turnover": "2"}

    def test_two_members_who_change_the_same_field_see_both_values_and_nothing_is_lost(self, session):
        entry = make_entry(session, answers={"summary": "old"}, with_file=False)
        page = token_for(["summary"], entry.answers)
        actor = leader_of(session, entry)
        save_answers(session, entry=entry, values={"summary": "hers"}, token=page, actor=actor, now=NOW)
        with pytest.raises(EditedElsewhere) as caught:
            save_answers(session, entry=entry, values={"summary": "his"}, token=page, actor=actor, now=NOW)
        assert caught.value.theirs == {"summary": "hers"}
        assert entry.answers == {"summary": "hers"}
        save_answers(session, entry=entry, values={"summary": "his"}, token=caught.value.token, actor=actor, now=NOW)
        assert entry.answers == {"summary": "his"}

    def test_ones_own_next_save_is_no_conflict(self, session):
        entry = make_entry(session, answers={"summary": "old"}, with_file=False)
        actor, token = leader_of(session, entry), token_for(["summary"], entry.answers)
        for text in ("one", "two", "three"):
            token = save_answers(session, entry=entry, values={"summary": text}, token=token, actor=actor, now=NOW).token
        assert entry.answers == {"summary": "three"}

    def test_nothing_is_saved_at_or_after_the_deadline(self, session):
        entry = make_entry(session, with_file=False)
        actor, close = leader_of(session, entry), entry.call.closes_at
        save_answers(session, entry=entry, values={"summary": "in time"}, actor=actor, now=close - timedelta(microseconds=1))
        for late in (close, close + timedelta(microseconds=1), close + timedelta(days=1)):
            with pytest.raises(Closed):
                save_answers(session, entry=entry, values={"summary": "late"}, actor=actor, now=late)
        assert entry.answers["summary"] == "in time"

    def test_a_field_that_is_not_in_the_form_is_refused(self, session):
        entry = make_entry(session, with_file=False)
        with pytest.raises(FieldLocked):
            save_answers(session, entry=entry, values={"state": "accepted"}, actor=leader_of(session, entry), now=NOW)

    def test_basics_merge_like_answers(self, session):
        entry = make_entry(session, title="Old", with_file=False)
        save_basics(session, entry=entry, values={"title": "New", "unit_uscc": ""}, actor=leader_of(session, entry), now=NOW)
        assert (entry.title, entry.unit_name, entry.unit_uscc) == ("New", "Works", None)


class TestFiles:
    def test_a_new_file_replaces_the_only_one_and_the_old_one_stays_as_history(self, session):
        entry = make_entry(session)
        actor = leader_of(session, entry)
        first = current_files(session, entry.id, "plan")[0]
        second = attach_file(session, entry=entry, key="plan", upload=upload(pdf(2), "better.pdf"), actor=actor, now=NOW)
        assert [f.id for f in current_files(session, entry.id)] == [second.id]
        assert (first.replaced_at, first.replaced_by_id) == (NOW, actor.user_id)

    def test_the_field_s_limits_hold(self, session):
        entry = make_entry(session, with_file=False)
        actor = leader_of(session, entry)
        with pytest.raises(TooManyPages):
            attach_file(session, entry=entry, key="plan", upload=upload(pdf(6), "long.pdf"), actor=actor, now=NOW)
        with pytest.raises(FileRefused):
            attach_file(session, entry=entry, key="plan", upload=upload(b"text", "a.txt"), actor=actor, now=NOW)
        with pytest.raises(NotFound):
            attach_file(session, entry=entry, key="summary", upload=upload(pdf(), "a.pdf"), actor=actor, now=NOW)

    def test_a_file_of_another_entry_cannot_be_removed(self, session):
        mine, other = make_entry(session), make_entry(session)
        with pytest.raises(NotFound):
            remove_file(session, entry=mine, file_id=current_files(session, other.id)[0].id, actor=leader_of(session, mine), now=NOW)
        assert len(current_files(session, other.id)) == 1

    def test_a_file_counts_when_it_is_stored_before_the_deadline_or_with_a_ticket_within_the_grace(self, session):
        call = make_call(session, rules=CallRules(grace_minutes=10))
        entry = make_entry(session, call, with_file=False)
        actor, close = leader_of(session, entry), call.closes_at
        late = {"entry": entry, "key": "plan", "actor": actor}
        with pytest.raises(Closed):
            attach_file(session, upload=upload(pdf(), "a.pdf"), now=close, **late)
        with pytest.raises(Closed):
            attach_file(session, upload=upload(pdf(), "a.pdf"), now=close + timedelta(minutes=1), ticket_at=close, **late)
        with pytest.raises(Closed):
            attach_file(
                session, upload=upload(pdf(), "a.pdf"), now=close + timedelta(minutes=10), ticket_at=close - timedelta(seconds=1), **late
            )
        assert attach_file(
            session, upload=upload(pdf(), "a.pdf"), now=close + timedelta(minutes=9), ticket_at=close - timedelta(seconds=1), **late
        ).id


class TestHandingIn:
    def test_a_version_is_frozen_and_its_receipt_verifies(self, session):
        entry = make_entry(session)
        version = hand_in(session, entry)
        signer = current_app.extensions["signer"]
        assert (entry.state, entry.submitted_at, entry.current_version_id) == (EntryState.SUBMITTED, NOW, version.id)
        assert digest_of(version.content) == version.digest == version.receipt["content_sha256"]
        assert version.receipt["received_at"] == "2026-03-16T02:00:00.000000+00:00"
        assert [f["sha256"] for f in version.receipt["files"]] == [current_files(session, entry.id)[0].blob.sha256]
        assert signer.verify(canonical(version.receipt), version.signature)
        assert not signer.verify(canonical({**version.receipt, "version": 2}), version.signature)
        assert names_of_events(session, entry)[-1] == "entry_submitted"

    def test_faults_say_what_is_missing_and_nothing_is_handed_in(self, session):
        entry = make_entry(session, with_file=False, answers={"turnover": "5"})
        entry.title = " "
        with pytest.raises(NotReady) as caught:
            hand_in(session, entry)
        assert [(f.key, f.section) for f in caught.value.faults] == [("title", "basics"), ("summary", "about"), ("plan", "about")]
        assert (entry.state, entry.current_version_id) == (EntryState.DRAFT, None)

    def test_received_is_exactly_what_came_before_the_close(self, session):
        close = NOW + timedelta(days=20)
        shifts = [timedelta(microseconds=n) for n in (-2, -1, 0, 1, 2)]
        accepted = []
        for shift in shifts:
            entry = make_entry(session, make_call(session, closes_at=close))
            try:
                version = hand_in(session, entry, now=close + shift)
            except Closed:
                continue
            accepted.append(version.received_at - close)
        assert accepted == [timedelta(microseconds=-2), timedelta(microseconds=-1)]

    def test_a_later_version_counts_and_the_earlier_one_is_kept(self, session):
        entry = make_submitted(session)
        first = entry.current_version_id
        save_answers(session, entry=entry, values={"summary": "Better."}, actor=leader_of(session, entry), now=NOW)
        second = hand_in(session, entry, now=NOW + timedelta(hours=1))
        assert (second.number, entry.current_version_id) == (2, second.id)
        assert second.id != first
        assert second.content["answers"]["summary"] == "Better."

    def test_a_full_call_takes_no_more(self, session):
        call = make_call(session, quota=1)
        make_submitted(session, call)
        with pytest.raises(QuotaFull):
            make_submitted(session, call)

    def test_the_team_must_have_its_size(self, session):
        entry = make_entry(session, make_call(session, rules=CallRules(team_min=2)))
        with pytest.raises(NotReady) as caught:
            hand_in(session, entry)
        assert [f.section for f in caught.value.faults] == ["team"]

    def test_withdrawing_needs_a_reason_and_leaves_the_stage(self, session):
        entry = make_accepted(session)
        actor = leader_of(session, entry)
        with pytest.raises(ReasonNeeded):
            withdraw_entry(session, entry=entry, reason=" no ", actor=actor, now=NOW)
        withdraw_entry(session, entry=entry, reason="moving abroad", actor=actor, now=NOW)
        place = session.scalars(select(StageEntry).where(StageEntry.entry_id == entry.id)).one()
        assert (entry.state, place.left_at) == (EntryState.WITHDRAWN, NOW)


class TestChecking:
    def test_passing_gives_a_code_a_blind_copy_and_a_place_in_the_first_judged_stage(self, session):
        entry = make_submitted(session)
        accept_entry(session, entry=entry, checklist=[{"text": "Complete", "ok": True}], actor=officer(session), now=NOW)
        place = session.scalars(select(StageEntry).where(StageEntry.entry_id == entry.id)).one()
        check = session.scalars(select(FormalCheck).where(FormalCheck.entry_id == entry.id)).one()
        assert (entry.state, len(entry.public_code)) == (EntryState.ACCEPTED, 6)
        assert session.get_one(Stage, place.stage_id).kind == StageKind.ONLINE_REVIEW
        assert (check.checklist, check.decision) == ([{"text": "Complete", "ok": True}], "pass")
        assert session.scalars(select(BlindCopy).where(BlindCopy.entry_id == entry.id)).one().version_id == entry.current_version_id
        assert names_of_events(session, entry)[-1] == "entry_accepted"

    def test_an_open_point_of_the_checklist_stops_it(self, session):
        entry = make_submitted(session)
        with pytest.raises(ChecklistOpen):
            accept_entry(session, entry=entry, checklist=[{"text": "Complete", "ok": False}], actor=officer(session), now=NOW)

    def test_a_returned_entry_opens_only_the_named_fields_until_its_new_due_time(self, session):
        entry = make_submitted(session)
        due, actor = NOW + timedelta(days=40), leader_of(session, entry)
        return_entry(session, entry=entry, reason="too short", open_fields=["summary"], due_at=due, actor=officer(session), now=NOW)
        later = due - timedelta(seconds=1)
        save_answers(session, entry=entry, values={"summary": "Longer."}, actor=actor, now=later)
        with pytest.raises(FieldLocked):
            save_answers(session, entry=entry, values={"turnover": "9"}, actor=actor, now=later)
        with pytest.raises(FieldLocked):
            attach_file(session, entry=entry, key="plan", upload=upload(pdf(), "a.pdf"), actor=actor, now=later)
        with pytest.raises(Closed):
            save_answers(session, entry=entry, values={"summary": "Late."}, actor=actor, now=due)
        hand_in(session, entry, now=later)
        assert (entry.state, entry.open_fields, entry.due_at) == (EntryState.SUBMITTED, [], None)

    def test_returning_needs_reason_fields_and_a_time_to_come(self, session):
        entry = make_submitted(session)
        base = {"entry": entry, "actor": officer(session), "now": NOW}
        with pytest.raises(ReasonNeeded):
            return_entry(session, reason="", open_fields=["summary"], due_at=NOW + timedelta(1), **base)
        with pytest.raises(NothingOpened):
            return_entry(session, reason="too short", open_fields=["nothing"], due_at=NOW + timedelta(1), **base)
        with pytest.raises(DueInPast):
            return_entry(session, reason="too short", open_fields=["summary"], due_at=NOW, **base)
        assert entry.state == EntryState.SUBMITTED

    def test_rejected_then_reinstated(self, session):
        entry = make_submitted(session)
        reject_entry(session, entry=entry, reason="off topic", actor=officer(session), now=NOW)
        assert entry.state == EntryState.REJECTED
        reinstate_entry(session, entry=entry, reason="objection upheld", actor=officer(session), now=NOW)
        assert entry.state == EntryState.SUBMITTED

    def test_disqualified_leaves_its_stage_and_comes_back_when_reinstated(self, session):
        entry = make_accepted(session)
        place = session.scalars(select(StageEntry).where(StageEntry.entry_id == entry.id)).one()
        disqualify_entry(session, entry=entry, reason="plagiarism", actor=officer(session), now=NOW)
        assert (entry.state, place.left_at) == (EntryState.DISQUALIFIED, NOW)
        reinstate_entry(session, entry=entry, reason="objection upheld", actor=officer(session), now=NOW)
        assert (entry.state, place.left_at) == (EntryState.ACCEPTED, None)

    def test_a_second_decision_on_the_same_entry_is_refused(self, session):
        entry = make_accepted(session)
        with pytest.raises(IllegalTransition):
            accept_entry(session, entry=entry, actor=officer(session), now=NOW)
        with pytest.raises(IllegalTransition):
            reject_entry(session, entry=entry, reason="off topic", actor=officer(session), now=NOW)
        assert len(session.scalars(select(FormalCheck).where(FormalCheck.entry_id == entry.id)).all()) == 1

    def test_every_step_is_in_the_history(self, session):
        entry = make_accepted(session)
        steps = select(EntryMove.action, EntryMove.source, EntryMove.target).where(EntryMove.entry_id == entry.id).order_by(EntryMove.id)
        assert [tuple(row) for row in session.execute(steps)] == [("submit", "draft", "submitted"), ("accept", "submitted", "accepted")]


class TestStates:
    def test_every_state_can_be_reached_and_every_action_leads_somewhere(self):
        reached = {EntryState.DRAFT} | {target for _source, _action, target in ENTRY.edges}
        assert reached == set(EntryState)
        assert {action for _source, action, _target in ENTRY.edges} == set(EntryAction)

    def test_the_whole_table(self):
        allowed = {(source, action) for source, action, _target in ENTRY.edges}
        for state in EntryState:
            for action in EntryAction:
                assert ENTRY.allows(state, action) == ((state, action) in allowed)
        assert not ENTRY.actions(EntryState.WITHDRAWN)


def test_submitting_twice_by_a_double_click_gives_two_versions_of_the_same_content_and_one_state(session):
    entry = make_submitted(session)
    first = entry.current_version
    again = submit_entry(session, entry=entry, signer=current_app.extensions["signer"], actor=leader_of(session, entry), now=NOW)
    assert (again.id, again.number) == (first.id, 1)


def test_all_files_of_an_entry_together_stay_within_their_quota(session):
    entry = make_entry(session)
    current_files(session, entry.id)[0].blob.size = 500 * MEGABYTE
    session.flush()
    with pytest.raises(QuotaReached):
        attach_file(session, entry=entry, key="plan", upload=upload(pdf(), "a.pdf"), actor=leader_of(session, entry), now=NOW)
    other = make_entry(session)
    assert len(current_files(session, other.id)) == 1


def test_a_double_click_on_the_start_begins_one_entry(session):
    call, actor = make_call(session), acting(session, make_user(session))
    first = start_entry(session, call=call, title="Pump", actor=actor, now=NOW)
    assert start_entry(session, call=call, title="Pump", actor=actor, now=NOW + timedelta(seconds=4)).id == first.id
    assert start_entry(session, call=call, title="Pump", actor=actor, now=NOW + timedelta(seconds=5)).id != first.id


def test_a_form_that_asks_for_the_title_and_the_entry_s_title_are_one(session):
    schema = FormSchema(fields=[Field("title", FieldKind.TEXT, Text("名称")), Field("summary", FieldKind.TEXT, Text("简介"))])
    entry = make_entry(session, make_call(session, schema=schema), title="Old", with_file=False)
    actor = leader_of(session, entry)
    save_answers(session, entry=entry, values={"title": "水泵"}, actor=actor, now=NOW)
    assert (entry.title, entry.sort_key[:4]) == ("水泵", "shui")
    save_basics(session, entry=entry, values={"title": "阀门"}, actor=actor, now=NOW)
    assert entry.answers["title"] == "阀门"
