"""The console: who sees which page, and what administrators may do to accounts."""

from __future__ import annotations

import re

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.accounts.models import Organization, RoleGrant, User, UserSession
from tests.accounts.people import member, sign_in
from tests.factories.accounts import grant, make_organization, make_user
from tests.support.client import words
from tests.support.counting import counted_statements
from tests.support.mailbox import mails

ADMIN_PAGES = ("", "users/", "organizations/", "organizations/new", "roles/", "settings/", "calendar/", "outbox/", "deliveries/", "health")
AUDITOR_PAGES = ("journal/", "journal/readings", "journal/chains/platform")


def admin(client: FlaskClient, session: Session, role: Role = Role.SYSTEM_ADMIN) -> User:
    user = make_user(session, "Admin")
    grant(session, user, role)
    client.sign_in(user)
    return user


@pytest.mark.parametrize("page", ADMIN_PAGES)
def test_every_page_of_the_console_opens_for_an_administrator(client: FlaskClient, session: Session, page: str) -> None:
    admin(client, session)
    assert client.get(f"/admin/{page}").status_code == 200


@pytest.mark.parametrize("page", AUDITOR_PAGES)
def test_the_journal_is_the_auditors_alone(client: FlaskClient, session: Session, page: str) -> None:
    member(session)
    admin(client, session)
    assert client.get(f"/admin/{page}").status_code == 403
    admin(client, session, Role.AUDITOR)
    assert client.get(f"/admin/{page}").status_code == 200


@pytest.mark.parametrize("page", [*ADMIN_PAGES, *AUDITOR_PAGES])
def test_nobody_else_sees_the_console(client: FlaskClient, session: Session, page: str) -> None:
    user = make_user(session)
    grant(session, user, Role.HOST, organization=make_organization(session))
    client.sign_in(user)
    assert client.get(f"/admin/{page}").status_code == 403


def test_the_auditor_changes_nothing(client: FlaskClient, session: Session) -> None:
    other = make_user(session)
    admin(client, session, Role.AUDITOR)
    for page in (f"users/{other.id}/disable", f"users/{other.id}/reset", "settings/", "organizations/new", "roles/", "calendar/2026/fill"):
        assert client.post(f"/admin/{page}", data={"reason": "because of that"}).status_code == 403
    assert other.disabled_at is None


def test_a_disabled_account_is_signed_out_at_once(client: FlaskClient, session: Session) -> None:
    victim = member(session)
    sign_in(client)
    admin(client, session)
    answer = client.post(f"/admin/users/{victim.id}/disable", data={"reason": "left the office"})
    assert answer.location == f"/admin/users/{victim.id}"
    session.expire_all()
    assert victim.disabled_at is not None
    assert session.scalars(select(UserSession.ended_at).where(UserSession.user_id == victim.id)).one() is not None


def test_the_last_administrator_cannot_be_disabled_and_nobody_disables_themselves(client: FlaskClient, session: Session) -> None:
    me = admin(client, session)
    other = make_user(session, "Other admin")
    given = grant(session, other, Role.SYSTEM_ADMIN)
    client.post(f"/admin/users/{me.id}/disable", data={"reason": "tired of it"})
    session.refresh(me)
    assert me.disabled_at is None
    client.post(f"/admin/roles/{given.id}/end", data={"reason": "not needed"})
    client.sign_in(other)
    session.refresh(given)
    assert given.ended_at is not None
    mine = session.scalars(select(RoleGrant).where(RoleGrant.user_id == me.id)).one()
    client.sign_in(me)
    client.post(f"/admin/roles/{mine.id}/end", data={"reason": "tired of it"})
    session.refresh(mine)
    assert mine.ended_at is None


def test_a_reset_goes_to_the_person_and_the_outbox_hides_its_link(client: FlaskClient, session: Session) -> None:
    other = member(session)
    admin(client, session)
    client.post(f"/admin/users/{other.id}/reset")
    (message,) = mails(session, other.email)
    page = words(client.get(f"/admin/outbox/{message.id}"))
    assert "/reset/⟦0⟧" in page
    assert message.sealed is None  # sent already, so the secret is thrown away


def test_the_list_of_people_needs_as_many_statements_for_three_as_for_one(client: FlaskClient, session: Session) -> None:
    admin(client, session)
    client.get("/admin/users/")
    with counted_statements() as one:
        client.get("/admin/users/")
    for number in range(3):
        grant(session, make_user(session, f"Person {number}"), Role.HOST, organization=make_organization(session))
    with counted_statements() as many:
        client.get("/admin/users/")
    assert len(many) == len(one)


def test_the_tree_of_organizations_is_added_to_and_moved(client: FlaskClient, session: Session) -> None:
    admin(client, session)
    for name, parent in (("省科技厅", ""), ("市科技局", "省科技厅"), ("区科技局", "市科技局")):
        parent_id = session.scalar(select(Organization.id).where(Organization.name == parent)) or 0
        answer = client.post("/admin/organizations/new", data={"name": name, "kind": "office", "parent_id": parent_id})
        assert answer.status_code == 303
    top, city, district = session.scalars(select(Organization).order_by(Organization.id))
    assert district.path == f"/{top.id}/{city.id}/{district.id}/"
    client.post(f"/admin/organizations/{city.id}", data={"name": "市科技局", "kind": "office", "parent_id": 0})
    session.expire_all()
    assert (city.path, district.path) == (f"/{city.id}/", f"/{city.id}/{district.id}/")
    looped = client.post(f"/admin/organizations/{city.id}", data={"name": "市科技局", "kind": "office", "parent_id": district.id})
    assert looped.status_code == 422


def test_a_credit_code_is_refused_warned_of_or_taken(client: FlaskClient, session: Session) -> None:
    admin(client, session)

    def add(name: str, uscc: str, note: str = "") -> int:
        data = {"name": name, "kind": "enterprise", "parent_id": 0, "uscc": uscc, "uscc_note": note}
        return client.post("/admin/organizations/new", data=data).status_code

    assert add("甲", "91350100M000100Y43") == 303
    assert add("乙", "91350100M000100Y43") == 422  # taken
    assert add("丙", "91310115MA1H8R7C6D") == 422  # odd check digit without a note
    assert add("丙", "91310115MA1H8R7C6D", "seen on the licence of 2016") == 303
    assert add("丁", "not a code") == 422
    notes = session.scalars(select(Organization.uscc_note).order_by(Organization.id)).all()
    assert notes == [None, "seen on the licence of 2016"]


def test_an_administrator_ends_one_session_of_a_person_and_not_of_another(client: FlaskClient, session: Session) -> None:
    user, other = member(session), make_user(session)
    sign_in(client)
    sign_in(client)
    admin(client, session)
    first, second = session.scalars(select(UserSession.id).where(UserSession.user_id == user.id).order_by(UserSession.id)).all()
    assert client.post(f"/admin/users/{other.id}/sessions/{first}/end").status_code == 404
    assert client.post(f"/admin/users/{user.id}/sessions/{first}/end").status_code == 303
    still = select(UserSession.id).where(UserSession.user_id == user.id, UserSession.ended_at.is_(None))
    assert session.scalars(still).all() == [second]


def test_settings_are_checked_kept_and_journalled(client: FlaskClient, session: Session) -> None:
    from app.audit.models import JournalEvent
    from app.settings.queries import setting
    from app.settings.registry import REGISTRY

    admin(client, session)
    data = {key: str(known.default) for key, known in REGISTRY.items() if known.kind == "int"} | {
        "password_min_length": "14", "session_hours": "8", "sign_up_open": "y",
        "organisation_words": "jiebang\n\n jiebang \nwuzhong", "second_factor_roles": ["host", "organizer"]}  # fmt: skip
    assert client.post("/admin/settings/", data={**data, "password_min_length": "7"}).status_code == 422
    assert setting(session, "password_min_length") == 12
    assert client.post("/admin/settings/", data=data).status_code == 303
    assert [setting(session, key) for key in ("password_min_length", "organisation_words", "second_factor_roles", "sign_up_open")] == [
        14, ["jiebang", "wuzhong"], ["host", "organizer"], True,
    ]  # fmt: skip
    recorded = session.scalars(select(JournalEvent.payload).where(JournalEvent.name == "settings.setting_changed")).all()
    assert '{"after":"14","before":"12","key":"password_min_length"}' in recorded


def test_a_holiday_is_marked_and_cleared(client: FlaskClient, session: Session) -> None:
    from datetime import date

    from app.settings.calendar import working_days_from

    admin(client, session)
    assert working_days_from(session, date(2026, 3, 16), 5) == date(2026, 3, 20)
    client.post("/admin/calendar/", data={"day": "2026-03-18", "kind": "holiday", "name": "集中停电"})
    assert working_days_from(session, date(2026, 3, 16), 5) == date(2026, 3, 23)
    assert client.post("/admin/calendar/", data={"day": "2026-03-21", "kind": "holiday", "name": "x"}).status_code == 422
    client.post("/admin/calendar/days/2026-03-18/clear")
    assert working_days_from(session, date(2026, 3, 16), 5) == date(2026, 3, 20)
    assert working_days_from(session, date(2026, 2, 13), 5) == date(2026, 2, 26)  # the published year stays in force


def test_dead_deliveries_are_shown_and_tried_again(client: FlaskClient, session: Session) -> None:
    from app.audit.enums import DeliveryState
    from app.audit.models import Delivery

    member(session)
    client.post("/reset", data={"email": "lin@example.org"})
    delivery = session.scalars(select(Delivery)).first()
    assert delivery is not None
    delivery.state, delivery.done_at, delivery.attempts, delivery.last_error = DeliveryState.DEAD, None, 8, "the server was asleep"
    session.commit()
    admin(client, session)
    assert "the server was asleep" in words(client.get("/admin/deliveries/"))
    client.post(f"/admin/deliveries/{delivery.id}/redrive")
    session.refresh(delivery)
    assert (delivery.state, delivery.attempts) == (DeliveryState.DONE, 0)


def test_odd_addresses_are_not_found(client: FlaskClient, session: Session) -> None:
    admin(client, session)
    for page in ("users/999999", "users/99999999999999999999", "organizations/999999", "outbox/999999"):
        assert client.get(f"/admin/{page}").status_code == 404
    assert client.get("/admin/users/?page=-1&role=x&state=y&q=%00").status_code == 200
    assert client.get("/admin/users/?page=99999999999999999999").status_code == 200


def test_no_administrator_sets_or_learns_a_password(app: Flask, client: FlaskClient, session: Session) -> None:
    user = member(session)
    before = user.password_hash
    admin(client, session)
    sent = {"password": "chosen by somebody else", "new": "chosen by somebody else", "again": "chosen by somebody else", "user_id": user.id}
    ours = [rule for rule in app.url_map.iter_rules() if "user_id" in rule.arguments and "POST" in (rule.methods or set())]
    assert len(ours) >= 6
    for rule in ours:
        with app.test_request_context():
            path = url_for(rule.endpoint, **dict.fromkeys(rule.arguments, user.id))
        client.post(path, data=sent)
    client.post("/my/security/password", data={**sent, "old": "any"})
    session.refresh(user)
    assert user.password_hash == before
    links = [mail for mail in mails(session, user.email) if mail.template == "accounts/reset"]
    assert len(links) == 1
    page = client.get("/admin/outbox/").text + client.get(f"/admin/outbox/{links[0].id}").text
    assert re.search(r"/reset/[\w-]{8}", page) is None
    assert user.email in page
