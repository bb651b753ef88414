"""The bare application: health, headers, errors."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient


def test_healthz_says_ok(client: FlaskClient) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json) == (200, {"status": "ok"})


def test_every_answer_carries_the_security_headers(client: FlaskClient) -> None:
    headers = client.get("/no-such-page").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "object-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in headers["Content-Security-Policy"]


def test_language_switch_refuses_to_leave_the_site(client: FlaskClient) -> None:
    for target in (
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\tevil",
        "javascript:alert(1)",
    ):
        response = client.post("/language/en", data={"next": target})
        assert (response.status_code, response.location) == (303, "/")


@pytest.mark.parametrize(("asked", "answer"), [("zh-CN", "没有找到这个页面"), ("en", "Nothing was found here"), ("fr", "没有找到这个页面")])
def test_pages_speak_chinese_unless_english_is_asked_for(client: FlaskClient, asked: str, answer: str) -> None:
    assert answer in client.get("/no-such-page", headers={"Accept-Language": asked}).text
