"""What a returned entry takes along when it is handed in again."""

from __future__ import annotations

from datetime import timedelta

from app.calls.rules import CallRules
from app.entries.operations.checking import return_entry
from app.entries.operations.drafts import save_answers
from tests.conftest import NOW
from tests.factories.accounts import acting, make_user
from tests.factories.entries import hand_in, leader_of, make_submitted


def test_what_was_edited_elsewhere_before_the_return_neither_goes_along_nor_stands_in_the_way(session):
    entry = make_submitted(session)
    actor, before = leader_of(session, entry), entry.current_version.content
    save_answers(session, entry=entry, values={"turnover": "99"}, actor=actor, now=NOW)
    entry.call.rules = CallRules(team_min=5)  # as when a member has left since
    due, officer = NOW + timedelta(days=40), acting(session, make_user(session))
    return_entry(session, entry=entry, reason="too short", open_fields=["summary"], due_at=due, actor=officer, now=NOW)
    save_answers(session, entry=entry, values={"summary": "Longer."}, actor=actor, now=NOW)
    after = hand_in(session, entry, now=NOW).content
    assert after == {**before, "answers": {**before["answers"], "summary": "Longer."}}
