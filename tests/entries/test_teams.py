"""Teams: invited, confirmed, given rights, handed over, removed; and the mails that go with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.operations.tokens import LinkInvalid
from app.calls.rules import CallRules
from app.core import clock
from app.core.errors import NotFound
from app.entries.enums import MemberRight, MemberRole, MemberState
from app.entries.errors import AlreadyInTeam, Closed, InvitationGone, LeaderStays, NotAMember, TeamIncomplete, WrongAddressee
from app.entries.models import EntryMember
from app.entries.operations import teams
from app.entries.policies import can_edit_entry, can_lead_entry, can_submit_entry, can_view_entry
from app.entries.queries import members_of
from app.entries.queries.affected import entries_affected
from app.notify.models import Message
from tests.conftest import NOW
from tests.factories.accounts import acting, make_user
from tests.factories.entries import hand_in, leader_of, make_call, make_entry
from tests.support.client import html, words


@pytest.fixture
def entry(session):
    return make_entry(session, with_file=False)


def invite(session, entry, user, **values):
    return teams.invite_member(session, entry=entry, name=user.name, email=user.email, actor=leader_of(session, entry), now=NOW, **values)


def confirmed(session, entry, user, **values) -> EntryMember:
    _member, secret = invite(session, entry, user, **values)
    return teams.answer_link(session, secret=secret, confirm=True, actor=acting(session, user), now=NOW)


def test_each_person_confirms_by_the_link_once(session, entry):
    user = make_user(session)
    member, secret = invite(session, entry, user)
    assert (member.state, member.user_id) == (MemberState.INVITED, None)
    teams.answer_link(session, secret=secret, confirm=True, actor=acting(session, user), now=NOW)
    assert (member.state, member.user_id) == (MemberState.CONFIRMED, user.id)
    with pytest.raises((LinkInvalid, InvitationGone)):
        teams.answer_link(session, secret=secret, confirm=False, actor=acting(session, user), now=NOW)


def test_a_link_does_not_work_for_another_address_nor_after_its_time(session, entry):
    user, other = make_user(session), make_user(session)
    _member, secret = invite(session, entry, user)
    with pytest.raises(WrongAddressee):
        teams.answer_link(session, secret=secret, confirm=True, actor=acting(session, other), now=NOW)
    with pytest.raises(LinkInvalid):
        teams.answer_link(session, secret=secret, confirm=True, actor=acting(session, user), now=NOW + timedelta(days=14))


def test_nobody_is_asked_twice_and_a_declined_person_may_be_asked_again(session, entry):
    user = make_user(session)
    member, secret = invite(session, entry, user)
    with pytest.raises(AlreadyInTeam):
        invite(session, entry, user)
    teams.answer_link(session, secret=secret, confirm=False, actor=acting(session, user), now=NOW)
    assert member.state == MemberState.DECLINED
    again, _secret = invite(session, entry, user)
    assert (again.id, again.state) == (member.id, MemberState.INVITED)


def test_rights_come_from_the_member_s_row_and_only_while_confirmed(session, entry):
    user = make_user(session)
    who = acting(session, user)
    member, secret = invite(session, entry, user, right=MemberRight.EDIT)
    team = members_of(session, entry.id)
    assert not can_view_entry(who, entry, team)
    teams.answer_link(session, secret=secret, confirm=True, actor=who, now=NOW)
    team = members_of(session, entry.id)
    assert [bool(can(who, entry, team)) for can in (can_view_entry, can_edit_entry, can_submit_entry, can_lead_entry)] == [
        True,
        True,
        False,
        False,
    ]
    leader = leader_of(session, entry)
    teams.change_right(session, entry=entry, member_id=member.id, right=MemberRight.SUBMIT, actor=leader, now=NOW)
    assert can_submit_entry(who, entry, members_of(session, entry.id))
    teams.remove_member(session, entry=entry, member_id=member.id, actor=leader, now=NOW)
    assert not can_view_entry(who, entry, members_of(session, entry.id))


def test_leadership_is_handed_to_a_confirmed_member_and_there_is_always_one_leader(session, entry):
    user, waiting = make_user(session), make_user(session)
    member = confirmed(session, entry, user)
    invited, _secret = invite(session, entry, waiting)
    leader = leader_of(session, entry)
    with pytest.raises(NotAMember):
        teams.hand_over(session, entry=entry, member_id=invited.id, actor=leader, now=NOW)
    teams.hand_over(session, entry=entry, member_id=member.id, actor=leader, now=NOW)
    leaders = session.scalars(select(EntryMember).where(EntryMember.entry_id == entry.id, EntryMember.role == MemberRole.LEADER)).all()
    assert ([m.user_id for m in leaders], entry.leader_id) == ([user.id], user.id)


def test_the_leader_is_neither_removed_nor_weakened(session, entry):
    place = members_of(session, entry.id)[0]
    with pytest.raises(LeaderStays):
        teams.remove_member(session, entry=entry, member_id=place.id, actor=leader_of(session, entry), now=NOW)
    with pytest.raises(LeaderStays):
        teams.change_right(session, entry=entry, member_id=place.id, right=MemberRight.VIEW, actor=leader_of(session, entry), now=NOW)


def test_a_team_does_not_outgrow_its_size_and_closes_with_the_call(session):
    entry = make_entry(session, make_call(session, rules=CallRules(team_max=2)), with_file=False)
    confirmed(session, entry, make_user(session))
    with pytest.raises(TeamIncomplete):
        invite(session, entry, make_user(session))
    with pytest.raises(Closed):
        teams.set_partner(session, entry=entry, name="Works", actor=leader_of(session, entry), now=entry.call.closes_at)


def test_members_of_other_entries_are_out_of_reach(session, entry):
    other = members_of(session, make_entry(session, with_file=False).id)[0]
    with pytest.raises(NotFound):
        teams.remove_member(session, entry=entry, member_id=other.id, actor=leader_of(session, entry), now=NOW)


def test_the_page_invites_and_the_mail_carries_the_link(client, session):
    today = clock.now()
    call = make_call(session, opens_at=today - timedelta(days=1), closes_at=today + timedelta(days=1))
    entry = make_entry(session, call, with_file=False, now=today)
    guest = make_user(session)
    client.sign_in(session.get_one(User, entry.leader_id))
    fields = {"name": guest.name, "email": guest.email, "role": "member", "right": "edit"}
    assert client.post(f"/my/entries/{entry.code}/team/invite", data=fields).status_code == 303
    assert client.post(f"/my/entries/{entry.code}/team/invite", data=fields).status_code == 422
    assert client.post(f"/my/entries/{entry.code}/team/invite", data={**fields, "email": "no address"}).status_code == 422
    mail = session.scalars(select(Message).where(Message.user_id == guest.id)).one()
    assert mail.template == "entries/invitation"
    client.sign_in(guest)
    page = client.get("/my/entries/")
    assert entry.title in words(page)
    form = html(page).select_one("form[action^='/my/entries/invitations/']")
    assert client.post(form["action"], data={"answer": "confirm"}).status_code == 303
    assert client.get(f"/my/entries/{entry.code}/sections/about").status_code == 200


def test_a_change_of_dates_knows_whom_it_affects(session):
    call = make_call(session)
    make_entry(session, call, with_file=False)
    hand_in(session, make_entry(session, call))
    assert entries_affected(session, [call.id], None) == {"drafts": 1, "entries": 1, "people": 2}
    assert entries_affected(session, [], None) == {"drafts": 0, "entries": 0, "people": 0}
