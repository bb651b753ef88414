"""Security keys: registered with names, asked for at sign-in and before steps with weight; every answer counts once, in one place."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import KeyChallenge, RecoveryCode, SecurityKey, User, UserSession
from app.accounts.rules.relying import relying_party
from app.core import clock
from tests.support.authenticator import SoftKey, coded
from tests.support.client import words
from tests.support.mailbox import mails

from .people import PASSWORD, member, sign_in

PAGE = "/my/security/second-factor/"


def asked(client: FlaskClient, where: str = "/my/security/keys/options") -> dict[str, Any]:
    answer = client.post(where)
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def add(client: FlaskClient, key: SoftKey, name: str = "Blue key") -> Any:
    return client.post("/my/security/keys/", data={"name": name, "answer": key.register(asked(client))})


def keys(session: Session) -> list[tuple[str, int]]:
    return [(row.name, row.sign_count) for row in session.scalars(select(SecurityKey).order_by(SecurityKey.id))]


@pytest.fixture
def key(client: FlaskClient, session: Session) -> SoftKey:
    """Lin's key, registered; Lin is signed in."""
    member(session)
    sign_in(client)
    made = SoftKey()
    add(client, made)
    assert keys(session) == [("Blue key", 0)]
    return made


def half_way(client: FlaskClient) -> None:
    client.post("/my/sign-out")
    assert sign_in(client).location == "/sign-in/code"


def test_the_first_key_switches_the_second_factor_on_and_brings_recovery_codes(client: FlaskClient, session: Session, key: SoftKey) -> None:
    assert session.scalar(select(func.count(RecoveryCode.id))) == 10
    row = session.scalars(select(SecurityKey)).one()
    assert (row.credential_id, row.transports) == (key.id, ["usb"])
    assert [mail.template for mail in mails(session)] == ["accounts/security_key_changed"]
    assert client.get("/my/").status_code == 200
    assert "Blue key" in words(client.get(PAGE))


def test_several_keys_have_different_names_and_the_second_brings_no_new_codes(client: FlaskClient, session: Session, key: SoftKey) -> None:
    before = session.scalars(select(RecoveryCode.code_hash)).all()
    assert add(client, SoftKey(), "Blue key").status_code == 422
    assert add(client, SoftKey(), "Phone").location == PAGE
    assert [name for name, _ in keys(session)] == ["Blue key", "Phone"]
    assert session.scalars(select(RecoveryCode.code_hash)).all() == before


def test_a_key_signs_in_as_second_step(client: FlaskClient, session: Session, key: SoftKey) -> None:
    half_way(client)
    options = asked(client, "/sign-in/key-options")
    assert [known["id"] for known in options["allowCredentials"]] == [coded(key.id)]
    assert client.post("/sign-in/code", data={"answer": key.sign(options)}).location == "/my/"
    assert client.get("/my/").status_code == 200
    assert keys(session) == [("Blue key", 1)]
    assert session.scalar(select(func.count(KeyChallenge.id))) == 0


def test_the_page_of_the_second_step_works_with_script_of_ours_only(client: FlaskClient, session: Session, key: SoftKey) -> None:
    half_way(client)
    page = client.get("/sign-in/code")
    assert "js/keys.js" in page.text
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]


def test_an_answer_counts_once(client: FlaskClient, session: Session, key: SoftKey) -> None:
    half_way(client)
    answer = key.sign(asked(client, "/sign-in/key-options"))
    assert client.post("/sign-in/code", data={"answer": answer}).location == "/my/"
    half_way(client)
    assert client.post("/sign-in/code", data={"answer": answer}).status_code == 422
    asked(client, "/sign-in/key-options")
    assert client.post("/sign-in/code", data={"answer": answer}).status_code == 422
    assert client.get("/my/").location.startswith("/sign-in")


def cheats(key: SoftKey, options: dict[str, Any]) -> dict[str, str]:
    """Answers that are wrong in one thing each."""
    other = {**options, "challenge": coded(b"x" * 32)}
    copied = SoftKey(id=key.id)
    elsewhere = SoftKey(origin="http://evil.example", id=key.id, private=key.private)
    right = json.loads(key.sign(options))
    return {
        "another challenge": key.sign(other),
        "another site": elsewhere.sign(options),
        "another host": key.sign({**options, "rpId": "evil.example"}),
        "another private key": copied.sign(options),
        "not touched": key.sign(options, present=False),
        "made for registering": key.sign(options, type="webauthn.create"),
        "unknown key": SoftKey().sign(options),
        "another key's name": json.dumps({**right, "id": coded(b"other"), "rawId": coded(b"other")}),
        "no signature": json.dumps({**right, "response": {**right["response"], "signature": ""}}),
        "not even JSON": "{",
        "a list": "[]",
        "nested too deep": "[" * 5000,
        "numbers": json.dumps({"id": 1, "rawId": 2, "type": 3, "response": 4}),
    }


WRONG = list(cheats(SoftKey(), {"challenge": "eA", "rpId": "localhost"}))


@pytest.mark.parametrize("way", WRONG)
def test_a_wrong_answer_opens_nothing_and_uses_the_challenge_up(client: FlaskClient, session: Session, key: SoftKey, way: str) -> None:
    half_way(client)
    options = asked(client, "/sign-in/key-options")
    answer = cheats(key, options)[way]
    assert client.post("/sign-in/code", data={"answer": answer}).status_code == 422
    assert client.get("/my/").location.startswith("/sign-in")
    assert session.scalar(select(func.count(KeyChallenge.id))) == 0
    assert client.post("/sign-in/code", data={"answer": key.sign(options)}).status_code == 422  # right, but too late
    asked_again = asked(client, "/sign-in/key-options")
    assert client.post("/sign-in/code", data={"answer": key.sign(asked_again)}).location == "/my/"


def test_a_copied_key_is_found_by_its_counter(client: FlaskClient, session: Session, key: SoftKey) -> None:
    key.count = 40
    half_way(client)
    assert client.post("/sign-in/code", data={"answer": key.sign(asked(client, "/sign-in/key-options"))}).location == "/my/"
    copy = SoftKey(id=key.id, private=key.private, count=7)
    half_way(client)
    assert client.post("/sign-in/code", data={"answer": copy.sign(asked(client, "/sign-in/key-options"))}).status_code == 422
    assert keys(session) == [("Blue key", 41)]


def test_a_challenge_lives_five_minutes(client: FlaskClient, session: Session, key: SoftKey) -> None:
    half_way(client)
    options = asked(client, "/sign-in/key-options")
    row = session.scalars(select(KeyChallenge)).one()
    assert timedelta(minutes=4) < row.expires_at - clock.now() <= timedelta(minutes=5)
    row.expires_at = clock.now()
    session.commit()
    assert client.post("/sign-in/code", data={"answer": key.sign(options)}).status_code == 422


def test_a_challenge_of_one_browser_is_worth_nothing_in_another(app: Flask, client: FlaskClient, session: Session, key: SoftKey) -> None:
    other = app.test_client()
    sign_in(other)
    half_way(client)
    options = asked(client, "/sign-in/key-options")
    assert other.post("/sign-in/code", data={"answer": key.sign(options)}).status_code == 422
    assert client.post("/sign-in/code", data={"answer": key.sign(options)}).location == "/my/"


def test_a_challenge_of_one_purpose_answers_no_other(client: FlaskClient, session: Session, key: SoftKey) -> None:
    confirming = asked(client, "/my/security/keys/confirm-options")
    registering = asked(client)
    second = SoftKey()
    made = second.register({**registering, "challenge": confirming["challenge"]})
    assert client.post("/my/security/keys/", data={"name": "b", "answer": made}).status_code == 422
    answer = key.sign({**confirming, "challenge": registering["challenge"]})
    assert client.post("/my/confirm", data={"password": PASSWORD, "answer": answer, "next": "/my/"}).status_code == 422
    assert [name for name, _ in keys(session)] == ["Blue key"]


def test_another_persons_key_opens_nothing(app: Flask, client: FlaskClient, session: Session, key: SoftKey) -> None:
    member(session, "other@example.org", "Other")
    theirs, browser = SoftKey(), app.test_client()
    sign_in(browser, "other@example.org")
    add(browser, theirs)
    half_way(client)
    assert client.post("/sign-in/code", data={"answer": theirs.sign(asked(client, "/sign-in/key-options"))}).status_code == 422
    assert add(browser, key, "taken").status_code == 422  # the key belongs to somebody already


def test_a_key_confirms_with_the_password_and_not_without(client: FlaskClient, session: Session, key: SoftKey) -> None:
    live = session.scalars(select(UserSession).where(UserSession.ended_at.is_(None))).one()
    live.reauthenticated_at = live.second_factor_at = clock.now() - timedelta(minutes=6)
    session.commit()
    assert client.post("/my/security/keys/options").location.startswith("/my/confirm?next=")
    wrong = {"password": "not my password", "next": PAGE}
    signed = key.sign(asked(client, "/my/security/keys/confirm-options"))
    assert client.post("/my/confirm", data={**wrong, "answer": signed}).status_code == 422
    assert client.post("/my/confirm", data={"password": PASSWORD, "next": PAGE}).status_code == 422
    right = {"password": PASSWORD, "next": PAGE, "answer": key.sign(asked(client, "/my/security/keys/confirm-options"))}
    assert client.post("/my/confirm", data=right).location == PAGE
    session.refresh(live)
    assert clock.now() - live.second_factor_at < timedelta(minutes=1)


def test_recovery_codes_open_the_account_of_a_lost_key(client: FlaskClient, session: Session) -> None:
    member(session)
    sign_in(client)
    page = add(client, SoftKey()).text
    code = page.split("<code>")[1].split("</code>")[0]
    half_way(client)
    assert client.post("/sign-in/code", data={"code": code}).location == "/my/"
    half_way(client)
    assert client.post("/sign-in/code", data={"code": code}).status_code == 422


def test_removing_wants_a_fresh_proof_and_the_last_key_ends_the_factor(client: FlaskClient, session: Session, key: SoftKey) -> None:
    number = session.scalars(select(SecurityKey.id)).one()
    live = session.scalars(select(UserSession).where(UserSession.ended_at.is_(None))).one()
    live.second_factor_at = clock.now() - timedelta(minutes=6)
    session.commit()
    assert client.post(f"/my/security/keys/{number}/remove").location.startswith("/my/confirm")
    live.second_factor_at = clock.now()
    session.commit()
    assert client.post(f"/my/security/keys/{number}/remove").location == PAGE
    assert (keys(session), session.scalar(select(func.count(RecoveryCode.id)))) == ([], 0)
    assert session.scalars(select(User.second_factor_since)).all() == [None]
    client.post("/my/sign-out")
    assert sign_in(client).location == "/my/"


def test_nobody_removes_another_persons_key(app: Flask, client: FlaskClient, session: Session, key: SoftKey) -> None:
    member(session, "other@example.org", "Other")
    browser = app.test_client()
    sign_in(browser, "other@example.org")
    number = session.scalars(select(SecurityKey.id)).one()
    assert browser.post(f"/my/security/keys/{number}/remove").status_code == 404
    assert keys(session) == [("Blue key", 0)]


def test_adding_a_key_ends_the_other_sessions(app: Flask, client: FlaskClient, session: Session) -> None:
    member(session)
    elsewhere = app.test_client()
    sign_in(elsewhere)
    sign_in(client)
    add(client, SoftKey())
    assert elsewhere.get("/my/").location.startswith("/sign-in")
    assert client.get("/my/").status_code == 200


def test_the_name_is_asked_for_and_bounded(client: FlaskClient, session: Session, key: SoftKey) -> None:
    for name in ("", "x" * 61, "two\nlines", "a\x00b"):
        assert add(client, SoftKey(), name).status_code == 422
    assert len(keys(session)) == 1


@pytest.mark.parametrize(("address", "host", "origin"), [
    ("https://contest.example.gov.cn", "contest.example.gov.cn", "https://contest.example.gov.cn"),
    ("https://contest.example.gov.cn:8443", "contest.example.gov.cn", "https://contest.example.gov.cn:8443"),
    ("https://contest.example.gov.cn:443", "contest.example.gov.cn", "https://contest.example.gov.cn"),
    ("http://localhost:8000", "localhost", "http://localhost:8000"),
])  # fmt: skip
def test_keys_are_bound_to_the_configured_address(address: str, host: str, origin: str) -> None:
    found = relying_party(address, "Jiebang")
    assert found is not None
    assert (found.host, found.origin) == (host, origin)


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "https://10.0.0.5", "https://[::1]", "http://contest.example.gov.cn", ""])
def test_without_a_name_and_tls_browsers_offer_no_keys(address: str) -> None:
    assert relying_party(address, "Jiebang") is None
