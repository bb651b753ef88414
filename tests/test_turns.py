"""Heavy work of one person: three at once in a process; the fourth is told, others are served, and an end makes room."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from app.core.db import make_engine
from app.turns import EACH, Turns, is_heavy
from tests.faults.clients import Judge
from tests.servers import Installation
from tests.support.racing import fresh_database

LENGTH = 400_000


def test_a_turn_that_is_given_back_can_be_taken_again() -> None:
    turns = Turns()
    assert [turns.take("user:1", 2) for _ in range(3)] == [True, True, False]
    assert turns.take("user:2", 2)
    turns.give_back("user:1")
    assert (turns.take("user:1", 2), turns.going()) == (True, 3)


@pytest.mark.parametrize(
    ("path", "length", "heavy"),
    [("/my/entries/X/files/plan", 300_000, True), ("/my/entries/X/sections/a", 3_000, False), ("/my/entries/X/receipts/1.pdf", 0, True),
     ("/manage/x/entries/export.xlsx", 0, True), ("/manage/x/entries/", 0, False)],
)  # fmt: skip
def test_what_is_heavy_is_known_before_its_body_is_read(app: Flask, path: str, length: int, heavy: bool) -> None:
    with app.test_request_context(path, method="POST" if length else "GET", environ_overrides={"CONTENT_LENGTH": str(length)}):
        assert is_heavy() is heavy


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Installation]:
    """The product with an open call, teams and judges; pages wait one second for PostgreSQL."""
    installation = Installation(tmp_path, {"DATABASE_URL": fresh_database(tmp_path), "STATEMENT_SECONDS": "2"})
    installation.flask("db", "upgrade")
    installation.run("python", "-m", "tests.load.edition", "3", "5")
    web = installation.web()
    web.start()
    try:
        installation.wait()
        yield installation
    finally:
        web.stop()


def person(served: Installation, name: str) -> Judge:
    made = Judge(served.port, f"{name}@load.example", [], served.folder, 1, threading.Event())
    made.sign_in()
    return made


def begin(served: Installation, who: Judge) -> socket.socket:
    """An upload of which nothing but the head and a first byte has come."""
    line = socket.create_connection(("127.0.0.1", served.port), timeout=20)
    cookies = "; ".join(f"{name}={value}" for name, value in who.browser.cookies.items())
    head = f"POST /my/entries/D1000001/files/plan HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nCookie: {cookies}\r\n"
    kind = "Content-Type: multipart/form-data; boundary=x\r\n"
    line.sendall(f"{head}{kind}Content-Length: {LENGTH}\r\n\r\n-".encode())
    return line


def answered(line: socket.socket, seconds: float) -> bytes:
    line.settimeout(seconds)
    try:
        return line.recv(15)
    except TimeoutError:
        return b""


def test_one_person_has_three_uploads_going_and_others_are_served(served: Installation) -> None:
    team, other = person(served, "team1"), person(served, "team2")
    going = [begin(served, team) for _ in range(EACH)]
    time.sleep(0.5)
    assert [answered(line, 0.2) for line in going] == [b""] * EACH
    fourth = begin(served, team)
    assert answered(fourth, 10) == b"HTTP/1.1 429 TO"
    theirs = begin(served, other)
    assert answered(theirs, 1) == b""
    assert other.browser.get("/my/").status == 200
    going.pop().close()
    time.sleep(1)
    again = begin(served, team)
    assert answered(again, 1) == b"", "the place of the upload that ended is free"
    for line in (*going, fourth, theirs, again):
        line.close()
    for who in (team, other):
        who.browser.close()


def test_a_page_does_not_wait_for_a_locked_table_for_ever(served: Installation) -> None:
    """PostgreSQL alone: on SQLite nobody locks a table against readers."""
    url = served.settings["DATABASE_URL"]
    if url.startswith("sqlite"):
        pytest.skip("needs PostgreSQL; run by make test-services")
    team = person(served, "team1")
    engine = make_engine(url)
    with engine.connect() as connection, connection.begin():
        connection.execute(text("LOCK TABLE entries IN ACCESS EXCLUSIVE MODE"))
        began = time.monotonic()
        reply = team.browser.get("/my/entries/")
        assert time.monotonic() - began < 8
        assert (reply.status, reply.headers["retry-after"]) == (503, "5")
        assert "Traceback" not in reply.text
    assert team.browser.get("/my/entries/").status == 200
    team.browser.close()
    engine.dispose()
