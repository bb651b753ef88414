"""Requests that another site could make somebody's browser send: every address that changes something refuses them, and nothing changes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.accounts.enums import Role
from app.audit.models import JournalEvent
from app.core import clock
from app.tables import metadata
from tests.factories.accounts import grant
from tests.support.client import Client, html

from .people import OTHER, PASSWORD, member

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture
def guarded(app: Flask) -> Iterator[Flask]:
    """The application as it is served: tests elsewhere send forms without tokens. The clock stands, so that no page notes the time."""
    now = clock.now()
    clock.read_from(lambda: now)
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False
    clock.read_from(None)


def browser(app: Flask, session: Session, email: str) -> Client:
    """An administrator's browser; who may do most is hurt most."""
    user = member(session, email, email.split("@")[0])
    grant(session, user, Role.SYSTEM_ADMIN)
    return app.test_client().sign_in(user)  # type: ignore[attr-defined, no-any-return]


def token_of(client: Client) -> str:
    field = html(client.get("/my/security/password")).select_one("main input[name=csrf_token]")
    assert field is not None
    return str(field["value"])


def content(session: Session) -> dict[str, str]:
    """A digest of every table's rows."""
    found = {}
    for table in metadata.sorted_tables:
        rows = sorted(repr(tuple(row)) for row in session.execute(select(table)))
        found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def changed(session: Session, before: dict[str, str]) -> set[str]:
    """The tables whose rows are not what they were."""
    now = content(session)
    return {name for name in now if now[name] != before[name]}


def address(rule: Rule) -> str:
    return re.sub(r"<[^>]+>", "nothing", re.sub(r"<int:[^>]+>", "1", rule.rule))


def unsafe_rules(app: Flask) -> list[tuple[str, str]]:
    found = [(method, address(rule)) for rule in app.url_map.iter_rules() for method in sorted(UNSAFE & (rule.methods or set()))]
    assert len(found) > 150
    return found


def forged(own: str, foreign: str) -> dict[str, dict[str, Any]]:
    """What the request of another site could look like."""
    return {
        "a form without token": {"data": {"reason": "because"}},
        "a form with files, without token": {"data": {"reason": "because"}, "content_type": "multipart/form-data"},
        "a form with an invented token": {"data": {"csrf_token": "abc"}},
        "a form with another person's token": {"data": {"csrf_token": foreign}},
        "a header with another person's token": {"data": {"a": "b"}, "headers": {"X-CSRFToken": foreign}},
        "JSON as plain text": {"data": json.dumps({"csrf_token": own}), "content_type": "text/plain"},
        "JSON": {"json": {"csrf_token": own}},
        "the token in the address": {"query_string": {"csrf_token": own}, "data": {"a": "b"}},
        "a cut token": {"data": {"csrf_token": own[:-2]}},
    }


def test_every_address_that_changes_something_refuses_forged_requests(guarded: Flask, session: Session) -> None:
    victim, attacker = browser(guarded, session, "victim@example.org"), browser(guarded, session, "attacker@example.org")
    ways = forged(token_of(victim), token_of(attacker))
    before, let_through = content(session), []
    for method, path in unsafe_rules(guarded):
        for way, sent in ways.items():
            status = victim.open(path, method=method, **sent).status_code
            if status != 400:
                let_through.append(f"{method} {path} with {way}: {status}")
    assert let_through == []
    assert content(session) == before


def test_a_method_in_a_header_or_in_the_address_turns_no_reading_into_a_change(guarded: Flask, session: Session) -> None:
    victim = browser(guarded, session, "victim@example.org")
    own = token_of(victim)
    reading = {address(rule) for rule in guarded.url_map.iter_rules() if "GET" in (rule.methods or set())}
    last = session.scalar(select(func.max(JournalEvent.id))) or 0
    before, answered = content(session), []
    for method, path in unsafe_rules(guarded):
        if path in reading:
            continue
        for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
            answer = victim.get(path, headers={name: method, "X-CSRFToken": own}, query_string={"_method": method, "csrf_token": own})
            if answer.status_code not in (404, 405):
                answered.append(f"{path}: {answer.status_code}")
    assert answered == []
    assert changed(session, before) <= {"journal_events", "journal_heads"}, "a page that is not there is remembered, and nothing else"
    assert set(session.scalars(select(JournalEvent.name).where(JournalEvent.id > last))) <= {"accounts.access_refused"}


def test_the_right_token_of_ones_own_session_is_taken(guarded: Flask, session: Session) -> None:
    """Without this the tests above could pass because nothing works at all."""
    me = browser(guarded, session, "me@example.org")
    before = content(session)
    changed = me.post("/my/security/password", data={"csrf_token": token_of(me), "old": PASSWORD, "new": OTHER, "again": OTHER})
    assert changed.location == "/my/security/"
    assert {name for name, digest in content(session).items() if digest != before[name]} >= {"users", "journal_events"}


def test_a_token_dies_with_the_session_it_was_made_for(guarded: Flask, session: Session) -> None:
    me = browser(guarded, session, "me@example.org")
    old = token_of(me)
    me.post("/my/sign-out", data={"csrf_token": old})
    page = html(me.get("/sign-in")).select_one("main input[name=csrf_token]")
    assert page is not None
    sent = {"email": "me@example.org", "password": PASSWORD}
    assert me.post("/sign-in", data={**sent, "csrf_token": old}).status_code == 400
    assert me.post("/sign-in", data={**sent, "csrf_token": str(page["value"])}).location == "/my/"
