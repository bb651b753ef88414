"""The cookie of the session, as a site behind TLS sends it: on every answer the same flags, and nothing else beside it."""

from __future__ import annotations

import os
import re

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.factory import create_app
from config import load_config

from .people import PASSWORD, member

FLAGS = {"secure", "httponly", "path=/", "samesite=lax"}


@pytest.fixture
def secure(session: Session) -> Flask:
    """The application of these tests under an address with TLS; keys and folders stay what they are."""
    return create_app(load_config({**os.environ, "BASE_URL": "https://contest.example.gov.cn"}), WTF_CSRF_ENABLED=False, KEEP_SESSION=True)


def test_every_cookie_of_a_crawl_is_bound_to_the_site_and_hidden_from_script(secure: Flask, session: Session) -> None:
    member(session)
    browser, base = secure.test_client(), "https://contest.example.gov.cn"
    seen = []
    paths = {rule.rule for rule in secure.url_map.iter_rules() if "GET" in (rule.methods or set()) and "<" not in rule.rule}
    for path in ["/sign-in", *sorted(paths - {"/readyz", "/healthz"})]:
        if len(seen) == 1:
            answer = browser.post("/sign-in", data={"email": "lin@example.org", "password": PASSWORD}, base_url=base)
            assert answer.location == "/my/"
            seen += answer.headers.getlist("Set-Cookie")
        answer = browser.get(path, base_url=base)
        seen += answer.headers.getlist("Set-Cookie")
        answer.close()
    assert len(seen) > 3
    assert {cookie.partition("=")[0] for cookie in seen} == {"__Host-session"}
    flags = [{part.strip().lower() for part in cookie.split(";")[1:]} for cookie in seen]
    assert [found for found in flags if not found >= FLAGS or any(part.startswith("domain") for part in found)] == []


def test_what_the_cookie_holds_opens_nothing_after_the_session_has_ended(secure: Flask, session: Session) -> None:
    member(session)
    browser, base = secure.test_client(), "https://contest.example.gov.cn"
    browser.post("/sign-in", data={"email": "lin@example.org", "password": PASSWORD}, base_url=base)
    kept = browser.get_cookie("__Host-session", domain="contest.example.gov.cn")
    assert kept is not None
    assert re.search(r"lin|example|password", kept.value) is None
    browser.post("/my/sign-out", base_url=base)
    thief = secure.test_client()
    thief.set_cookie("__Host-session", kept.value, domain="contest.example.gov.cn", secure=True)
    assert thief.get("/my/", base_url=base).location.startswith("/sign-in")
