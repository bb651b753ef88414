"""Taking an entry out needs two persons; nothing happens before the second."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.authz import Actor
from app.entries.enums import EntryAction, EntryState
from app.entries.errors import ExclusionDecided, ExclusionWaits, ReasonNeeded, SecondPersonDecides
from app.entries.operations.excluding import ask_exclusion, decide_exclusion, pending_exclusion
from tests.conftest import NOW
from tests.factories.accounts import acting, make_user
from tests.factories.entries import make_accepted


def officer(session: Session) -> Actor:
    user: User = make_user(session, "Officer")
    return acting(session, user)


def test_two_persons_disqualify(session: Session) -> None:
    entry, first, second = make_accepted(session), officer(session), officer(session)
    asked = ask_exclusion(session, entry=entry, action=EntryAction.DISQUALIFY, reason="plagiarism", actor=first, now=NOW)
    assert entry.state == EntryState.ACCEPTED
    with pytest.raises(SecondPersonDecides):
        decide_exclusion(session, exclusion=asked, agreed=True, actor=first, now=NOW)
    decide_exclusion(session, exclusion=asked, agreed=True, actor=second, now=NOW)
    assert (entry.state, asked.agreed) == (EntryState.DISQUALIFIED, True)
    with pytest.raises(ExclusionDecided):
        decide_exclusion(session, exclusion=asked, agreed=True, actor=second, now=NOW)


@pytest.mark.parametrize("reason", ["", "   ", " ab "])
def test_without_a_reason_nothing_is_asked(session: Session, reason: str) -> None:
    entry = make_accepted(session)
    with pytest.raises(ReasonNeeded):
        ask_exclusion(session, entry=entry, action=EntryAction.DISQUALIFY, reason=reason, actor=officer(session), now=NOW)
    assert pending_exclusion(session, entry.id) is None


def test_a_refused_disqualification_leaves_the_entry_as_it_is(session: Session) -> None:
    entry = make_accepted(session)
    asked = ask_exclusion(session, entry=entry, action=EntryAction.DISQUALIFY, reason="plagiarism", actor=officer(session), now=NOW)
    with pytest.raises(ExclusionWaits):
        ask_exclusion(session, entry=entry, action=EntryAction.DISQUALIFY, reason="again", actor=officer(session), now=NOW)
    decide_exclusion(session, exclusion=asked, agreed=False, actor=officer(session), now=NOW)
    assert (entry.state, asked.agreed) == (EntryState.ACCEPTED, False)
