"""Sessions: how long they rest, what ends them at once, what they are called, and the count that is read with them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.accounts.models import RoleGrant, User, UserSession
from app.accounts.operations.grants import end_role, grant_role
from app.accounts.queries import open_sessions
from app.accounts.rules.devices import device_name
from app.core import clock
from app.core.authz import SYSTEM
from app.notify.enums import MessageState
from app.notify.models import Message
from app.settings.operations.settings import change_setting
from tests.factories.accounts import grant, make_organization, make_user
from tests.support.client import html
from tests.support.counting import counted_statements

from .people import member, sign_in

STAFF = (Role.HOST, Role.ORGANIZER, Role.SUPERVISOR, Role.FINANCE, Role.TALENT_OFFICER)


def rested(session: Session, user: User, minutes: float) -> None:
    """The person's sessions were last used so long ago."""
    for live in session.scalars(select(UserSession).where(UserSession.user_id == user.id)):
        live.last_seen_at = clock.now() - timedelta(minutes=minutes)
    session.commit()


@pytest.mark.parametrize(("role", "minutes"), [*((role, 15) for role in STAFF), (Role.TEAM, 30), (Role.NEED_OWNER, 30), (None, 30)])
def test_staff_rest_for_fifteen_minutes_and_others_for_thirty(
    client: FlaskClient, session: Session, role: Role | None, minutes: int
) -> None:
    user = member(session)
    if role is not None:
        grant(session, user, role, organization=make_organization(session))
    sign_in(client)
    rested(session, user, minutes - 0.5)
    assert client.get("/my/").status_code == 200
    rested(session, user, minutes - 0.5)
    assert [live.user_id for live in open_sessions(session, user.id, clock.now())] == [user.id]
    rested(session, user, minutes)
    assert open_sessions(session, user.id, clock.now()) == []
    assert client.get("/my/").location.startswith("/sign-in")


def test_typing_counts_as_activity_but_not_past_the_longest_life(client: FlaskClient, session: Session) -> None:
    user = member(session)
    sign_in(client)
    for _ in range(3):
        rested(session, user, 29)
        assert client.get("/my/awake").status_code == 204
        session.expire_all()
        assert clock.now() - session.scalars(select(UserSession.last_seen_at)).one() < timedelta(minutes=1)
    session.scalars(select(UserSession)).one().expires_at = clock.now()
    session.commit()
    assert client.get("/my/awake").location.startswith("/sign-in")


def test_both_limits_can_be_changed_at_run_time(client: FlaskClient, session: Session) -> None:
    user = member(session)
    grant(session, user, Role.HOST, organization=make_organization(session))
    change_setting(session, key="session_idle_minutes_staff", value=60, actor=SYSTEM, now=clock.now())
    session.commit()
    sign_in(client)
    rested(session, user, 59)
    assert client.get("/my/").status_code == 200


def test_nothing_prolongs_a_session_past_its_longest_life(client: FlaskClient, session: Session) -> None:
    user = member(session)
    sign_in(client)
    live = session.scalars(select(UserSession)).one()
    live.expires_at = clock.now()
    session.commit()
    assert client.get("/my/").location.startswith("/sign-in")
    assert open_sessions(session, user.id, clock.now()) == []


def test_losing_the_role_ends_the_sessions_that_act_in_it_and_no_others(app: Flask, client: FlaskClient, session: Session) -> None:
    user, office = member(session), make_organization(session)
    given = grant_role(session, user=user, role=Role.HOST, organization=office, actor=SYSTEM, now=clock.now())
    grant_role(session, user=user, role=Role.TALENT_OFFICER, organization=office, actor=SYSTEM, now=clock.now())
    session.commit()
    sign_in(client)
    elsewhere = app.test_client()
    sign_in(elsewhere)
    elsewhere.post("/my/role", data={"role": "talent_officer"})
    end_role(session, grant=session.get_one(RoleGrant, given.id), reason="left", actor=SYSTEM, now=clock.now())
    session.commit()
    assert client.get("/my/").location.startswith("/sign-in")
    assert elsewhere.get("/my/").status_code == 200
    assert elsewhere.get(f"/my/organizations/{office.id}").status_code == 200
    assert elsewhere.post(f"/my/organizations/{office.id}", data={"email": "a@example.org", "role": "finance"}).status_code == 403


def test_a_role_that_is_held_elsewhere_too_ends_no_session(client: FlaskClient, session: Session) -> None:
    user = member(session)
    given = [grant(session, user, Role.HOST, organization=make_organization(session)) for _ in range(2)]
    session.commit()
    sign_in(client)
    end_role(session, grant=given[0], reason="left", actor=SYSTEM, now=clock.now())
    session.commit()
    assert client.get("/my/").status_code == 200


def test_whoever_leaves_a_team_goes_on_without_the_part(client: FlaskClient, session: Session) -> None:
    user = member(session)
    given = grant(session, user, Role.TEAM)
    session.commit()
    sign_in(client)
    end_role(session, grant=given, reason="left", actor=SYSTEM, now=clock.now())
    session.commit()
    assert client.get("/my/").status_code == 200
    assert session.scalars(select(UserSession.current_role)).all() == [None]


WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "


@pytest.mark.parametrize(("agent", "name"), [
    (WINDOWS, "Chrome · Windows"),
    (WINDOWS + " Edg/141.0.0.0", "Edge · Windows"),
    (IPHONE + "Version/18.5 Mobile/15E148 Safari/604.1", "Safari · iPhone"),
    (IPHONE + "Mobile/15E148 MicroMessenger/8.0.60(0x18003c2a) NetType/WIFI Language/zh_CN", "WeChat · iPhone"),
    (IPHONE + "CriOS/141.0 Mobile/15E148 Safari/604.1", "Chrome · iPhone"),
    ("Mozilla/5.0 (Linux; Android 15) Chrome/138.0 Mobile Safari/537.36 XiaoMi/MiuiBrowser/20", "Mi Browser · Android"),
    ("Mozilla/5.0 (Phone; OpenHarmony 5.0) Chrome/132.0 Mobile Safari/537.36 ArkWeb", "Chrome · HarmonyOS"),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15", "Safari · macOS"),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0", "Firefox · Linux"),
    ("Old Browser 7", "Old Browser 7"),
    ("x" * 200, "x" * 40),
    ("", ""),
])  # fmt: skip
def test_a_browser_is_called_by_its_name_and_system(agent: str, name: str) -> None:
    assert device_name(agent) == name


def test_the_list_names_devices_not_what_they_say_of_themselves(client: FlaskClient, session: Session) -> None:
    user = member(session)
    client.post("/sign-in", data={"email": user.email, "password": "harbour lantern 41 quilt"}, headers={"User-Agent": WINDOWS})
    page = client.get("/my/security/")
    assert "Chrome · Windows" in page.text
    assert "AppleWebKit" not in page.text


def letter(session: Session, user: User, number: int, *, state: MessageState = MessageState.SENT, read: bool = False) -> None:
    at = clock.now()
    session.add(Message(
        dedup=f"test:{user.id}:{number}", template="t", user_id=user.id, email=user.email, locale="en", subject="s", body_text="b",
        state=state, due_at=at, sent_at=at if state == MessageState.SENT else None, read_at=at if read else None, created_at=at,
    ))  # fmt: skip


def badge(client: FlaskClient, page: str = "/my/profile/") -> str:
    found = html(client.get(page)).select_one(".bell-count")
    return found.get_text(" ").split()[0] if found is not None else ""


def test_the_bell_counts_unread_messages_of_ones_own(client: FlaskClient, session: Session) -> None:
    user, other = member(session), make_user(session)
    sign_in(client)
    assert badge(client) == ""
    letter(session, user, 1)
    letter(session, user, 2)
    letter(session, user, 3, read=True)
    letter(session, user, 4, state=MessageState.QUEUED)
    letter(session, other, 5)
    session.commit()
    assert badge(client) == "2"
    for number in range(6, 106):
        letter(session, user, number)
    session.commit()
    assert badge(client) == "99+"


def test_counting_costs_no_statement_of_its_own(client: FlaskClient, session: Session) -> None:
    user = member(session)
    sign_in(client)
    client.get("/my/profile/")
    seen = []
    for letters in (0, 5):
        for number in range(letters):
            letter(session, user, number)
        session.commit()
        with counted_statements() as statements:
            client.get("/my/profile/")
        seen.append([text for text in statements if "messages" in text])
    assert [len(texts) for texts in seen] == [1, 1]
    assert all("user_sessions" in texts[0] for texts in seen)
