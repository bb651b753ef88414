"""Logs: one line a record whatever stands in it, and nothing in them that is somebody's or opens something."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from huey import MemoryHuey
from huey.consumer import Consumer
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.logs import OneLine, Replaced
from app.core.money import exact
from tests.factories.accounts import make_user

from .test_operations import made

HOSTILE = (
    "a\r\nERROR forged", "\x1b[2J\x1b[31mred", "tab\there", "nul\x00", "line\u2028separator", "next\x85line", "\u202egnp.exe",
    "🦄\U000e0041", '","level":"INFO',
)  # fmt: skip


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything that the program logs, as the product writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(OneLine())
    logging.root.addHandler(handler)
    yield stream
    logging.root.removeHandler(handler)


@pytest.mark.parametrize("words", HOSTILE)
def test_no_word_begins_a_line_or_moves_the_cursor(written: io.StringIO, words: str) -> None:
    try:
        raise ValueError(words)
    except ValueError:
        logging.getLogger("app.try").exception("said by %s", words)
    line = written.getvalue()
    assert (line.count("\n"), line[:-1].isprintable()) == (1, True)
    told = json.loads(line)
    assert (told["message"], told["level"], told["logger"]) == (f"said by {words}", "ERROR", "app.try")


def test_a_worker_that_had_its_number_of_jobs_is_not_called_dead(written: io.StringIO) -> None:
    """The words are the library's; should they change, this says nothing wrong and the test fails."""
    consumer = Consumer(MemoryHuey(), worker_type="thread")
    consumer._logger.addFilter(said := Replaced())
    try:
        consumer.scheduler = type("Alive", (), {"is_alive": lambda self: True})()
        consumer.check_worker_health()  # no worker was started, so it finds one that has ended and takes another
    finally:
        consumer.stop_flag.set()
        consumer._logger.removeFilter(said)
    expected = "Worker 1 has ended, after its number of jobs or because it was killed; another takes its place."
    assert [json.loads(line)["message"] for line in written.getvalue().splitlines()] == [expected]


def test_an_error_of_the_database_tells_no_value(session: Session, written: io.StringIO) -> None:
    user = make_user(session, "Canary Name", email="canary-address@example.org")
    session.flush()
    with pytest.raises(IntegrityError) as caught, session.begin_nested():
        columns = "email, name, sort_key, locale, password_hash, created_at, version"
        session.execute(
            text(f"INSERT INTO users ({columns}) SELECT email, :name, :name, 'en', :hash, created_at, 1 FROM users WHERE id = :id"),
            {"id": user.id, "name": "canary-parameter", "hash": "canary-hash"},
        )
    logging.getLogger("app.try").error("failed", exc_info=caught.value)
    line = written.getvalue()
    assert "IntegrityError" in line
    assert [word for word in ("canary", "Canary") if word in line] == []


@pytest.mark.parametrize("value", ["73.0917", "320506199001011234", "13800001234", "wrong-password-of-somebody", "someone@example.org"])
def test_a_value_within_an_errors_words_is_left_out(written: io.StringIO, value: str) -> None:
    for raising in (lambda: exact(f"x{value}"), lambda: {}[value], lambda: int(f"{value}x")):
        try:
            raising()
        except Exception:
            logging.getLogger("app.try").exception("failed")
    assert value not in written.getvalue()
    assert written.getvalue().count("\n") == 3


@pytest.mark.parametrize("handled", [True, False], ids=["by our page", "by Flask itself"])
def test_a_failing_page_is_logged_by_its_rule_and_not_by_the_secret_in_its_address(
    session: Session, written: io.StringIO, handled: bool
) -> None:
    app: Flask = made()
    app.test_client_class = FlaskClient

    def broken(secret: str) -> str:
        raise ValueError(f"unlucky {secret}")

    broken.is_public = True  # type: ignore[attr-defined]
    app.add_url_rule("/broken/<secret>", "broken", broken)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    asked = "/broken/canary-secret-0123456789abcdef?password=canary"
    answer = app.test_client().open(asked, environ_overrides={"jiebang.raise": not handled})
    assert answer.status_code == 500
    assert "canary" not in written.getvalue()
    told = [json.loads(line) for line in written.getvalue().splitlines()]
    assert {row["message"] for row in told} == {f"request {answer.headers['X-Request-Id']} GET /broken/<secret> failed"}
