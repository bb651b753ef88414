"""What an operator relies on: headers on every kind of answer, keys that can be changed, limits, and errors that tell nothing."""

from __future__ import annotations

import dataclasses
from io import BytesIO

import pytest
from flask import Flask, request

from app.core import crypto
from app.factory import create_app
from config import load_config
from tests.factories.accounts import make_user
from tests.factories.entries import make_entry
from tests.support.client import Client

POLICY = ("object-src 'none'", "base-uri 'none'", "form-action 'self'", "script-src 'self'", "frame-ancestors 'none'")


def made(**changes: object) -> Flask:
    """An application of its own on the tests' database, as production frames it unless told otherwise."""
    config = dataclasses.replace(load_config(), **changes)
    app = create_app(config, WTF_CSRF_ENABLED=False, KEEP_SESSION=True)
    app.test_client_class = Client
    return app


@pytest.fixture(autouse=True)
def keys_again(app: Flask):
    """Another application opens the process's keys anew; the suite's own come back afterwards."""
    yield
    config = app.extensions["jiebang"]
    crypto.keys.open(secret_key=config.secret_key, fallbacks=config.secret_key_fallbacks, field_key=config.field_key)


def test_pages_errors_redirects_and_health_carry_all_headers(session) -> None:
    client = made(base_url="https://contest.example", trusted_hosts=("localhost",)).test_client()
    for path, status in (("/", 200), ("/nothing-here", 404), ("/my/", 303), ("/healthz", 200), ("/static/css/base.css", None)):
        answer = client.get(path, base_url="https://localhost")
        assert status is None or answer.status_code == status, path
        policy = answer.headers["Content-Security-Policy"]
        assert [part for part in POLICY if part not in policy] == [], path
        assert "unsafe-inline" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
        assert "Server" not in answer.headers or "Werkzeug" not in answer.headers["Server"]


def test_a_delivered_file_is_sandboxed_and_not_kept(client, session) -> None:
    entry = make_entry(session)
    session.commit()
    client.sign_in(entry.leader)
    page = client.get(f"/my/entries/{entry.code}/sections/about").get_data(as_text=True)
    path = next(part for part in page.split('"') if f"/my/entries/{entry.code}/files/" in part)
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert (answer.headers["X-Content-Type-Options"], answer.headers["Cache-Control"]) == ("nosniff", "no-store, private")
    answer.close()


def test_an_unknown_host_is_refused_without_a_page(session) -> None:
    answer = made(trusted_hosts=("contest.example",)).test_client().get("/", base_url="http://evil.example")
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")
    assert "evil" not in answer.get_data(as_text=True)


def test_a_new_secret_key_reads_what_the_old_one_signed_until_that_is_dropped(session) -> None:
    old, new = "old-" + "x" * 32, "new-" + "y" * 32
    user = make_user(session)
    session.commit()
    client = made(secret_key=old).test_client().sign_in(user)
    cookie = client.get_cookie("session").value
    for fallbacks, status in (((old,), 200), ((), 303)):
        after = made(secret_key=new, secret_key_fallbacks=fallbacks).test_client()
        after.set_cookie("session", cookie)
        assert after.get("/my/").status_code == status


def test_links_that_were_mailed_under_the_old_key_still_open(session) -> None:
    ring = crypto.Keyring()
    ring.open(secret_key="old", field_key="f")
    mailed = ring.link_secrets(b"nonce")[0]
    ring.open(secret_key="new", fallbacks=("old",), field_key="f")
    assert mailed in ring.link_secrets(b"nonce")
    assert ring.link_secrets(b"nonce")[0] != mailed


def test_a_request_that_is_refused_before_anything_else_has_a_number_all_the_same(session) -> None:
    app = made()
    app.config["WTF_CSRF_ENABLED"] = True
    answer = app.test_client().post("/sign-in", data={"email": "a@demo.example"})
    number = answer.headers["X-Request-Id"]
    assert (answer.status_code, len(number), number in answer.text) == (400, 12, True)


@pytest.mark.parametrize(("hops", "seen"), [(0, "127.0.0.1"), (1, "198.51.100.7")])
def test_the_address_of_a_client_comes_from_configured_proxies_only(session, hops: int, seen: str) -> None:
    app, said = made(proxy_hops=hops), []
    app.before_request_funcs.setdefault(None, []).insert(0, lambda: said.append((request.remote_addr, request.host)))
    forged = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7", "X-Forwarded-Host": "evil.example", "Forwarded": "for=203.0.113.9"}
    app.test_client().get("/healthz", headers=forged)
    assert said == [(seen, "localhost")]


def test_a_failure_shows_a_number_and_nothing_of_the_inside(session) -> None:
    app = made()

    def broken() -> str:
        raise ValueError("secret path /srv/app SELECT password")

    broken.is_public = True  # type: ignore[attr-defined]
    app.add_url_rule("/broken", "broken", broken)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = app.test_client().open("/broken", environ_overrides={"jiebang.raise": False})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert [word for word in ("secret", "SELECT", "Traceback", "ValueError", "/srv") if word in text] == []
    assert answer.headers["X-Request-Id"] in text


def test_ten_thousand_form_parts_and_a_huge_field_are_refused(client, session) -> None:
    many = {f"part{number}": "x" for number in range(10_000)}
    assert client.post("/sign-in", data={**many, "file": (BytesIO(b"x"), "x.txt")}, content_type="multipart/form-data").status_code == 413
    huge = {"email": "x" * (5 * 1024 * 1024), "file": (BytesIO(b"x"), "x.txt")}
    assert client.post("/sign-in", data=huge, content_type="multipart/form-data").status_code == 413


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "application/json", "text/plain", ""])
def test_words_sent_without_parts_are_bounded_before_they_are_read(client, session, kind: str) -> None:
    """Two hundred megabytes of them took six hundred of memory, from anybody."""
    body = BytesIO(b"email=" + b"x" * (5 * 1024 * 1024))
    assert client.post("/sign-in", input_stream=body, content_length=body.getbuffer().nbytes, content_type=kind).status_code == 413
    assert body.tell() == 0
    small = client.post("/sign-in", data=b"email=" + b"x" * (3 * 1024 * 1024), content_type=kind)
    assert small.status_code in (400, 422)


def test_a_cookie_of_nobodys_key_is_no_session(session) -> None:
    client = made().test_client()
    client.set_cookie("session", "eyJ1c2VyIjoxfQ.forged.signature")
    assert client.get("/my/").status_code == 303
