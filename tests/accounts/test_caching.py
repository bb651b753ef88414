"""What is made for one person is kept by no cache and reaches no other."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from tests.factories.accounts import grant, make_organization
from tests.support.client import words
from tests.support.proxy import SharedCache

from .people import member, sign_in

HEALTH = ("static", "healthz", "readyz")
ROLES = (None, Role.SYSTEM_ADMIN, Role.AUDITOR, Role.HOST, Role.TALENT_OFFICER, Role.SUPERVISOR)


def reading(app: Flask) -> list[str]:
    """Every address that can be read; the variable parts lead nowhere. Machines ask for the health pages, without cookies."""
    rules = [rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set()) and rule.endpoint not in HEALTH]
    return sorted(re.sub(r"<[^>]+>", "nothing", re.sub(r"<int:[^>]+>", "1", rule)) for rule in rules)


@pytest.mark.parametrize("role", ROLES)
def test_answers_to_signed_in_people_are_kept_by_nobody(app: Flask, client: FlaskClient, session: Session, role: Role | None) -> None:
    user = member(session)
    if role in (Role.SYSTEM_ADMIN, Role.AUDITOR):
        grant(session, user, role)
    elif role is not None:
        grant(session, user, role, organization=make_organization(session))
    sign_in(client)
    kept, answered = [], 0
    for path in reading(app):
        answer = client.get(path)
        answered += answer.status_code == 200
        if "no-store" not in answer.headers.get("Cache-Control", "") or "cookie" not in [name.lower() for name in answer.vary]:
            kept.append(f"{path}: {answer.headers.get('Cache-Control')}, {answer.headers.get('Vary')}")
        answer.close()
    assert kept == []
    assert answered > 10


def test_every_answer_says_that_it_depends_on_the_cookie(app: Flask, client: FlaskClient, session: Session) -> None:
    silent = [path for path in reading(app) if "cookie" not in [name.lower() for name in client.get(path).vary]]
    assert silent == []


def test_a_shared_cache_mixes_nobody_up(app: Flask, session: Session) -> None:
    people = {}
    for name in ("Wang Anzhen", "Li Bokang"):
        email = f"{name.split()[0].lower()}@example.org"
        member(session, email, name)
        people[name] = app.test_client()
        sign_in(people[name], email)
    people["nobody"] = app.test_client()
    cache = SharedCache()
    for _round in range(3):
        for path in ("/", "/notices/", "/verify", "/my/", "/my/security/", "/my/profile/", "/my/messages/"):
            for name, browser in people.items():
                text = words(cache.get(browser, path, accept_language="en"))
                strangers = [other for other in people if other not in (name, "nobody") and other in text]
                assert strangers == [], path
                assert name == "nobody" or path.startswith(("/notices", "/verify")) or path == "/" or name in text, path
    assert cache.hits > 0


def test_signing_out_asks_the_browser_to_throw_away_what_it_kept(client: FlaskClient, session: Session) -> None:
    member(session)
    for leave in ("/my/sign-out", "/my/security/sessions/end-all"):
        sign_in(client)
        assert client.post(leave).headers["Clear-Site-Data"] == '"cache", "storage"'
