"""Requests that straddle a deadline or a limit: what counts is the clock under the lock, after the whole body has arrived."""

from __future__ import annotations

import io
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.serving import make_server

from app.accounts.models import User
from app.calls.models import Call
from app.calls.rules import CallRules, EditionRules
from app.core import clock
from app.core.db import db
from app.core.uow import atomic
from app.entries import errors
from app.entries.enums import EntryAction, EntryState, MemberState
from app.entries.models import Entry, EntryFile, EntryMember, Exclusion
from app.entries.operations.drafts import start_entry
from app.entries.operations.excluding import ask_exclusion, decide_exclusion
from app.entries.operations.handing_in import submit_entry
from app.entries.operations.teams import invite_member
from app.entries.operations.tickets import issue_ticket
from tests.conftest import NOW
from tests.factories.accounts import acting, make_user
from tests.factories.entries import make_accepted, make_call, make_edition, make_entry
from tests.factories.files import pdf
from tests.support.racing import race, racing_ground

CLOSES = NOW + timedelta(days=20)
BEFORE, AFTER = CLOSES - timedelta(seconds=5), CLOSES + timedelta(seconds=5)
BORDER = "border"


class Moment:
    """A clock that stands still until it is set; ``reading`` tells that a view has begun to read the body of its request."""

    def __init__(self, now: datetime) -> None:
        self.now, self.reading = now, threading.Event()

    def __call__(self) -> datetime:
        return self.now


class Watched(io.RawIOBase):
    """A request's body that tells when somebody first asks for it."""

    def __init__(self, body: Any, asked: threading.Event) -> None:
        self.body, self.asked = body, asked

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.asked.set()
        part = self.body.read(len(buffer))
        buffer[: len(part)] = part
        return len(part)


def waits_in_atomic(thread: threading.Thread) -> bool:
    """Whether the thread has come to its write transaction."""
    frame = sys._current_frames().get(thread.ident or 0)
    while frame is not None and frame.f_code.co_name != "atomic":
        frame = frame.f_back
    return frame is not None


@pytest.fixture
def ground(app: Flask, tmp_path: Path) -> Iterator[None]:
    with racing_ground(app, tmp_path):
        yield


@pytest.fixture
def moment(ground: None) -> Iterator[Moment]:
    made = Moment(BEFORE)
    clock.read_from(made)
    yield made
    clock.read_from(None)


@pytest.fixture
def port(app: Flask, moment: Moment) -> Iterator[int]:
    """A server that answers as the real one does, each request in a thread and session of its own."""
    app.config["KEEP_SESSION"] = False

    def watched(environ: Any, start: Any) -> Any:
        return app({**environ, "wsgi.input": Watched(environ["wsgi.input"], moment.reading)}, start)

    server = make_server("127.0.0.1", 0, watched, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join(timeout=10)
    server.server_close()
    app.config["KEEP_SESSION"] = True


def closing(session: Any, **rules: Any) -> Entry:
    """A draft without its file, whose call closes at CLOSES."""
    return make_entry(session, make_call(session, rules=CallRules(**rules), closes_at=CLOSES), with_file=False)


def slow_upload(app: Flask, port: int, entry: Entry, moment: Moment, ends: datetime, ticket: str = "") -> tuple[int, int]:
    """Head and half of the body, then the clock is set, then the rest; the status, and how many files are there."""
    client = app.test_client().sign_in(db.session.get_one(User, entry.leader_id))  # type: ignore[attr-defined]
    cookie = client.get_cookie("session")
    parts = [("ticket", "", ticket.encode()), ("file", '; filename="plan.pdf"', pdf())]
    body = b"".join(f'--{BORDER}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + content + b"\r\n"
                    for name, more, content in parts) + f"--{BORDER}--\r\n".encode()  # fmt: skip
    head = (f"POST /my/entries/{entry.code}/files/plan HTTP/1.1\r\nHost: localhost\r\nCookie: session={cookie.value}\r\n"
            f"Connection: close\r\nContent-Type: multipart/form-data; boundary={BORDER}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode()  # fmt: skip
    moment.reading.clear()
    with socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
        wire.sendall(head + body[: len(body) // 2])
        assert moment.reading.wait(20), "the server has not begun with the body"
        moment.now = ends
        wire.sendall(body[len(body) // 2 :])
        answer = wire.makefile("rb").read()
    db.session.rollback()
    return int(answer.split()[1]), db.session.scalar(select(func.count(EntryFile.id)).where(EntryFile.entry_id == entry.id)) or 0


def test_a_body_that_is_complete_before_the_deadline_counts(app: Flask, moment: Moment, port: int) -> None:
    assert slow_upload(app, port, closing(db.session), moment, CLOSES - timedelta(microseconds=1)) == (303, 1)


def test_a_body_that_straddles_the_deadline_is_late(app: Flask, moment: Moment, port: int) -> None:
    status, files = slow_upload(app, port, closing(db.session), moment, CLOSES)
    assert (status in {409, 422}, files) == (True, 0)


def test_a_ticket_from_before_the_deadline_carries_a_slow_body_through_the_grace_and_no_further(
    app: Flask, moment: Moment, port: int
) -> None:
    entry = closing(db.session, grace_minutes=10)
    ticket = issue_ticket(app.config["SECRET_KEY"], entry.id, BEFORE)
    assert slow_upload(app, port, entry, moment, AFTER, ticket) == (303, 1)
    late = closing(db.session, grace_minutes=10)
    moment.now = BEFORE
    ticket = issue_ticket(app.config["SECRET_KEY"], late.id, BEFORE)
    status, files = slow_upload(app, port, late, moment, CLOSES + timedelta(minutes=10), ticket)
    assert (status in {409, 422}, files) == (True, 0)


@pytest.mark.parametrize(("released", "taken"), [(CLOSES - timedelta(microseconds=1), True), (CLOSES, False)])
def test_who_waited_for_the_lock_across_the_deadline_is_late(app: Flask, moment: Moment, released: datetime, taken: bool) -> None:
    """The request came in time and waits while somebody else writes; the clock is read when it is its turn.

    On PostgreSQL the transaction begins without waiting, and waits at the row: what began in time counts.
    """
    if not (db.is_sqlite or taken):
        pytest.skip("PostgreSQL waits at the row, after the transaction has begun")
    entry = closing(db.session)
    client = app.test_client().sign_in(db.session.get_one(User, entry.leader_id))  # type: ignore[attr-defined]
    answers: list[int] = []

    def save() -> None:
        data = {"x_summary": "in the last second"}
        with app.app_context():
            answers.append(client.post(f"/my/entries/{entry.code}/sections/about", data=data).status_code)

    with atomic() as session:
        session.get_one(Entry, entry.id, with_for_update=True)
        sender = threading.Thread(target=save)
        sender.start()
        while not waits_in_atomic(sender):
            assert sender.is_alive(), answers
            time.sleep(0.001)
        moment.now = released
    sender.join(timeout=30)
    db.session.rollback()
    db.session.expire_all()
    stored = db.session.get_one(Entry, entry.id).answers.get("summary") == "in the last second"
    assert (stored, answers[0] == 303) == (taken, taken)


def writing(act: Callable[[Any], Any]) -> Callable[[], str]:
    """A job that does it in a transaction of its own."""

    def job() -> str:
        with atomic() as session:
            act(session)
        return "done"

    return job


def test_the_last_place_of_a_call_goes_to_one_of_ten(app: Flask, ground: None) -> None:
    call = make_call(db.session, quota=1)
    entries = [make_entry(db.session, call) for _ in range(10)]
    jobs = [(entry.id, acting(db.session, db.session.get_one(User, entry.leader_id))) for entry in entries]
    db.session.commit()
    signer = app.extensions["signer"]
    results = race(app, [writing(lambda s, key=key, who=who: submit_entry(s, entry=s.get_one(Entry, key), signer=signer, actor=who,
                                                                               now=NOW)) for key, who in jobs])  # fmt: skip
    assert (results.count("done"), sum(isinstance(r, errors.QuotaFull) for r in results)) == (1, 9), results
    db.session.rollback()
    db.session.expire_all()
    assert db.session.scalar(select(func.count(Entry.id)).where(Entry.state == EntryState.SUBMITTED)) == 1


def test_one_person_begins_one_entry_however_many_windows_are_open(app: Flask, ground: None) -> None:
    edition = make_edition(db.session, rules=EditionRules(one_entry_per_person=True))
    calls, who = [make_call(db.session, edition).id for _ in range(2)], acting(db.session, make_user(db.session))
    db.session.commit()
    results = race(app, [writing(lambda s, n=n: start_entry(s, call=s.get_one(Call, calls[n % 2]), title=f"t{n}", actor=who, now=NOW))
                         for n in range(10)])  # fmt: skip
    assert results.count("done") == 1, results


def test_the_last_place_in_a_team_and_one_address_are_given_once(app: Flask, ground: None) -> None:
    entry = make_entry(db.session, make_call(db.session, rules=CallRules(team_max=2)))
    who = acting(db.session, db.session.get_one(User, entry.leader_id))
    db.session.commit()
    results = race(app, [writing(lambda s, n=n: invite_member(s, entry=s.get_one(Entry, entry.id), name="M", email=f"m{n % 3}@example.org",
                                                              actor=who, now=NOW)) for n in range(9)])  # fmt: skip
    assert results.count("done") == 1, results
    db.session.rollback()
    db.session.expire_all()
    assert db.session.scalar(select(func.count(EntryMember.id)).where(EntryMember.state == MemberState.INVITED)) == 1


def test_an_exclusion_is_asked_once_and_decided_once_by_another_person(app: Flask, ground: None) -> None:
    """AUTHZ-11: the first person cannot decide, however many requests there are at once, and of two others one decides."""
    entry = make_accepted(db.session)
    first, *others = [acting(db.session, make_user(db.session)) for _ in range(3)]
    db.session.commit()
    asked = race(app, [writing(lambda s: ask_exclusion(s, entry=s.get_one(Entry, entry.id), action=EntryAction.DISQUALIFY, reason="copied",
                                                       actor=first, now=NOW))] * 5)  # fmt: skip
    assert (asked.count("done"), sum(isinstance(r, errors.ExclusionWaits) for r in asked)) == (1, 4), asked
    key = db.session.scalars(select(Exclusion.id)).one()
    deciders = [first, first, *others]
    decided = race(app, [writing(lambda s, who=who: decide_exclusion(s, exclusion=s.get_one(Exclusion, key), agreed=True, actor=who,
                                                                         now=NOW)) for who in deciders])  # fmt: skip
    assert decided.count("done") == 1, decided
    assert all(result != "done" for result in decided[:2])
    db.session.rollback()
    db.session.expire_all()
    row = db.session.get_one(Exclusion, key)
    assert row.decided_by_id in {who.user_id for who in others}
