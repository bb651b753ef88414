"""Inviting judges: one link, the statement before everything, conflicts declared and found."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import Role, TokenPurpose
from app.accounts.models import Membership, RoleGrant, Token, User
from app.accounts.operations.invitations import MeantForAnother
from app.accounts.operations.tokens import LinkInvalid, secret_of
from app.accounts.rules.notice import VERSION
from app.core import clock
from app.judging.enums import AssignmentState, ConflictSource, SeatState
from app.judging.models import Assignment, Conflict, Seat
from app.judging.operations import conflicts, invitations, refusals, seats
from app.judging.operations.panels import add_panel
from app.judging.states import SEATS
from app.notify.models import Message
from tests.conftest import NOW
from tests.factories.accounts import acting, make_organization, make_user
from tests.factories.judging import Scene, make_entry, make_scene, make_seat
from tests.support.client import Client, html, words

PASSWORD = "correct horse battery staple"


def invite(session: Session, scene: Scene, email: str = "new.judge@example.org", **values: object) -> tuple[Seat, str]:
    actor = acting(session, scene.organizer)
    moment = clock.now()
    seat = seats.add_seat(session, panel=scene.panel, name="New judge", email=email, actor=actor, now=moment, **values)  # type: ignore[arg-type]
    token = invitations.invite_judge(session, seat=seat, actor=actor, now=moment)
    return seat, secret_of(token)


def accepted(**more: object) -> dict[str, object]:
    return {"statement": "y", "has_conflict": "no", "name": "New judge", "password": PASSWORD, "again": PASSWORD, "agree": "y"} | more


def test_a_person_without_account_accepts_with_one_link(client: Client, session: Session) -> None:
    scene = make_scene(session)
    seat, secret = invite(session, scene)
    page = client.get(f"/invitations/judge/{secret}")
    assert page.status_code == 200
    assert "Blind title" in words(page)
    assert scene.entries[0].title not in words(page)
    answer = client.post(f"/invitations/judge/{secret}/acceptance", data=accepted(has_conflict="yes", conflicts=str(scene.entries[1].id)))
    assert (answer.status_code, answer.location) == (303, "/desk/")
    session.refresh(seat)
    user = session.scalars(select(User).where(User.email == seat.email)).one()
    assert (seat.state, seat.user_id, len(seat.statement_digest or "")) == (SeatState.ACCEPTED, user.id, 64)
    declared = session.scalars(select(Conflict).where(Conflict.seat_id == seat.id)).one()
    assert (declared.entry_id, declared.source) == (scene.entries[1].id, ConflictSource.DECLARED)
    assert session.scalars(select(RoleGrant.role).where(RoleGrant.user_id == user.id)).all() == [Role.JUDGE]
    assert (user.notice_version, user.notice_accepted_at) == (VERSION, seat.answered_at)
    assert client.get("/desk/").status_code == 200
    assert client.get(f"/invitations/judge/{secret}").status_code == 303


@pytest.mark.parametrize(
    "wrong",
    [{"statement": ""}, {"has_conflict": ""}, {"has_conflict": "yes"}, {"has_conflict": "maybe"}, {"again": "other"},
     {"password": "x", "again": "x"}, {"name": ""}, {"agree": ""}, {"conflicts": "999999", "has_conflict": "yes"}],
)  # fmt: skip
def test_nothing_opens_without_statement_and_answer(client: Client, session: Session, wrong: dict[str, str]) -> None:
    scene = make_scene(session)
    seat, secret = invite(session, scene)
    assert client.post(f"/invitations/judge/{secret}/acceptance", data=accepted(**wrong)).status_code == 422
    session.refresh(seat)
    assert (seat.state, seat.user_id) == (SeatState.INVITED, None)


def test_faults_of_an_acceptance_are_told_in_the_order_of_the_page(client: Client, session: Session) -> None:
    _seat, secret = invite(session, make_scene(session))
    page = html(client.post(f"/invitations/judge/{secret}/acceptance", data={}))
    told = [str(a["href"])[1:] for a in page.select(".error-summary a")]
    assert told == ["statement", "has_conflict", "name", "password", "again", "agree"]
    assert told == [tag["id"] for tag in page.select("form [id]") if tag["id"] in told]


def test_a_new_judge_is_shown_the_notice_before_it_is_recorded_as_read(client: Client, session: Session) -> None:
    _seat, secret = invite(session, make_scene(session))
    page = html(client.get(f"/invitations/judge/{secret}"))
    box = page.find("input", {"name": "agree"})
    assert box is not None
    assert (box["type"], box.has_attr("checked")) == ("checkbox", False)
    assert page.select_one('form[action$="/acceptance"] a[href="/privacy"]') is not None


def test_declining_needs_no_account_and_uses_the_link_up(client: Client, session: Session) -> None:
    scene = make_scene(session)
    seat, secret = invite(session, scene)
    assert client.post(f"/invitations/judge/{secret}/refusal", data={"decline_reason": "ask Li Lei instead"}).status_code == 200
    session.refresh(seat)
    assert (seat.state, seat.decline_reason) == (SeatState.DECLINED, "ask Li Lei instead")
    assert client.post(f"/invitations/judge/{secret}/acceptance", data=accepted()).status_code == 410


def test_the_owner_of_an_account_signs_in_first(client: Client, session: Session) -> None:
    scene = make_scene(session)
    known = make_user(session, email="known@example.org")
    seat, secret = invite(session, scene, "known@example.org")
    url = f"/invitations/judge/{secret}"
    assert html(client.get(url)).find("input", {"name": "password"}) is None
    assert client.post(f"{url}/acceptance", data=accepted()).status_code == 403
    client.sign_in(make_user(session))
    assert client.post(f"{url}/acceptance", data=accepted()).status_code == 403
    client.sign_in(known)
    assert client.post(f"{url}/acceptance", data={"statement": "y", "has_conflict": "no"}).status_code == 303
    session.refresh(seat)
    assert seat.user_id == known.id


def test_a_link_is_for_its_address_alone(session: Session) -> None:
    scene = make_scene(session)
    _seat, secret = invite(session, scene)
    with pytest.raises(MeantForAnother):
        invitations.accept_seat(session, secret=secret, user=make_user(session), statement_digest="0" * 64, declared={}, now=clock.now())


def test_inviting_again_ends_the_earlier_link(session: Session) -> None:
    scene = make_scene(session)
    seat, first = invite(session, scene)
    invitations.invite_judge(session, seat=seat, actor=acting(session, scene.organizer), now=clock.now())
    with pytest.raises(LinkInvalid):
        invitations.invited_seat(session, secret=first, now=clock.now())


def test_a_late_link_is_worth_nothing(session: Session) -> None:
    scene = make_scene(session)
    _seat, secret = invite(session, scene)
    with pytest.raises(LinkInvalid):
        invitations.invited_seat(session, secret=secret, now=clock.now() + invitations.LIFETIME)


def test_the_mail_carries_the_link_and_no_name_of_an_entry(client: Client, session: Session) -> None:
    scene = make_scene(session)
    invite(session, scene)
    session.commit()
    from app.audit.models import JournalEvent
    from app.judging.subscribers import send_invitation

    token = session.scalars(select(Token).where(Token.purpose == TokenPurpose.INVITE_JUDGE)).one()
    from app.accounts.events import LinkIssued

    send_invitation(session, LinkIssued(token.id, TokenPurpose.INVITE_JUDGE.value), clock.now())
    mail = session.scalars(select(Message).where(Message.template == "judging/invitation")).one()
    assert scene.panel.name in mail.body_text
    assert not any(entry.title in mail.body_text for entry in scene.entries)
    assert session.scalars(select(JournalEvent.name).where(JournalEvent.name == "judging.judge_invited")).one()


def test_a_removed_judge_loses_link_assignments_and_role(session: Session) -> None:
    scene = make_scene(session)
    seat = scene.seats[0]
    seats.remove_seat(session, seat=seat, reason="ill", actor=acting(session, scene.organizer), now=NOW)
    states = set(session.scalars(select(Assignment.state).where(Assignment.seat_id == seat.id)))
    assert (seat.state, states) == (SeatState.REMOVED, {AssignmentState.REMOVED})
    assert session.scalar(select(RoleGrant).where(RoleGrant.user_id == seat.user_id, RoleGrant.ended_at.is_(None))) is None
    again = seats.add_seat(session, panel=scene.panel, name="Back", email=seat.email, actor=acting(session, scene.organizer), now=NOW)
    assert (again.id, again.state) == (seat.id, SeatState.PLANNED)


def test_conflicts_are_found_by_team_organization_and_unit_name(session: Session) -> None:
    scene = make_scene(session, entries=1, judges=1)
    judge, seat = scene.judges[0], scene.seats[0]
    office = make_organization(session, "Harbour Robotics")
    session.add(Membership(user_id=judge.id, organization_id=office.id, since=NOW))
    led = make_entry(session, scene.call, scene.stage, leader=judge)
    named = make_entry(session, scene.call, scene.stage, unit="Harbour  Robotics")
    own = make_entry(session, scene.call, scene.stage)
    own.organization_id = office.id
    session.flush()
    conflicts.find_conflicts(session, panel=scene.panel, actor=acting(session, scene.organizer), now=NOW)
    found = {(c.entry_id, c.source) for c in session.scalars(select(Conflict).where(Conflict.seat_id == seat.id))}
    assert found == {
        (led.id, ConflictSource.TEAM_MEMBER), (named.id, ConflictSource.SAME_ORGANIZATION), (own.id, ConflictSource.SAME_ORGANIZATION),
    }  # fmt: skip
    assert conflicts.find_conflicts(session, panel=scene.panel, actor=acting(session, scene.organizer), now=NOW) == []


def test_a_conflict_that_appears_ends_the_open_assignment(session: Session) -> None:
    scene = make_scene(session)
    scene.entries[0].leader_id = scene.judges[0].id
    session.flush()
    conflicts.find_conflicts(session, panel=scene.panel, actor=acting(session, scene.organizer), now=NOW + timedelta(hours=1))
    states = [scene.assignment(0, 0).state, scene.assignment(0, 1).state, scene.assignment(1, 0).state]
    assert states == [AssignmentState.RECUSED, AssignmentState.ACTIVE, AssignmentState.ACTIVE]


def test_a_panel_has_one_chair(session: Session) -> None:
    from sqlalchemy.exc import IntegrityError

    scene = make_scene(session)
    make_seat(session, scene.panel, is_chair=True)
    with pytest.raises(IntegrityError), session.begin_nested():
        make_seat(session, scene.panel, is_chair=True)


def test_a_panel_takes_calls_of_its_own_edition_only(session: Session) -> None:
    from app.core.errors import NotFound

    scene, other = make_scene(session), make_scene(session)
    with pytest.raises(NotFound):
        add_panel(session, stage=scene.stage, name="B", call_ids=[other.call.id], actor=acting(session, scene.organizer), now=NOW)


def test_every_state_of_a_seat_can_be_reached() -> None:
    reached = {SeatState.PLANNED} | {target for _, _, target in SEATS.edges}
    assert reached == set(SeatState)


def test_an_unknown_link_says_so_without_telling_more(client: Client, session: Session) -> None:
    assert client.get("/invitations/judge/" + "x" * 43).status_code == 410
    assert refusals.InvitationGone.message


def test_a_team_that_grows_takes_its_judge_away(session: Session) -> None:
    from app.entries.enums import MemberRight, MemberRole, MemberState
    from app.entries.events import MemberInvited
    from app.entries.models import EntryMember
    from app.judging.subscribers import team_changed

    scene = make_scene(session)
    entry = scene.entries[0]
    member = EntryMember(
        entry_id=entry.id, name="x", email=scene.judges[0].email, role=MemberRole.MEMBER, right=MemberRight.VIEW,
        state=MemberState.INVITED, invited_at=NOW,
    )  # fmt: skip
    session.add(member)
    session.flush()
    event = MemberInvited(entry.id, scene.edition.id, member.id)
    team_changed(session, event, NOW)
    team_changed(session, event, NOW)
    assert [scene.assignment(0, 0).state, scene.assignment(1, 0).state] == [AssignmentState.RECUSED, AssignmentState.ACTIVE]
    assert session.scalars(select(Conflict.source).where(Conflict.entry_id == entry.id)).all() == [ConflictSource.TEAM_MEMBER]


def test_who_invited_hears_of_a_refusal(session: Session) -> None:
    from app.judging.events import SeatDeclined
    from app.judging.subscribers import tell_inviter

    scene = make_scene(session)
    seat, secret = invite(session, scene)
    invitations.decline_seat(session, secret=secret, reason="abroad", actor=acting(session, scene.organizer), now=clock.now())
    tell_inviter(session, SeatDeclined(seat.id, scene.edition.id, scene.panel.id, "abroad"), NOW)
    mail = session.scalars(select(Message).where(Message.template == "judging/declined")).first()
    assert mail is not None
    assert (mail.email, "abroad" in mail.body_text) == (scene.organizer.email, True)


def test_whoever_is_signed_in_as_somebody_else_makes_no_second_account_by_the_way(client: Client, session: Session) -> None:
    scene = make_scene(session)
    seat, secret = invite(session, scene)
    other = make_user(session)
    session.commit()
    client.sign_in(other)
    page = html(client.get(f"/invitations/judge/{secret}"))
    buttons = [button.get_text(" ") for button in page.select("main .actions .btn")]
    assert [seat.email in buttons[0], other.email in buttons[1]] == [True, True]
    assert client.post(f"/invitations/judge/{secret}/acceptance", data=accepted()).status_code == 403
    session.refresh(seat)
    assert (seat.state, session.scalars(select(User).where(User.email == seat.email)).all()) == (SeatState.INVITED, [])
    assert client.post("/my/sign-out", data={"next": f"/invitations/judge/{secret}"}).location == f"/invitations/judge/{secret}"
    assert client.post(f"/invitations/judge/{secret}/acceptance", data=accepted()).location == "/desk/"
