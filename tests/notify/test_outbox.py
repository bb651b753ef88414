"""The outbox: one receiver a message, sent once, tried again, dead in the end, secrets sealed."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import TokenPurpose
from app.accounts.models import Token
from app.accounts.operations.tokens import issue_token
from app.core import clock
from app.core.authz import SYSTEM
from app.core.resting import rest
from app.core.uow import atomic
from app.notify import jobs
from app.notify.enums import MessageState
from app.notify.models import Message
from app.notify.operations import drop_message, queue_message, release_batch
from app.notify.operations.queueing import MessageGone, NotAnAddress, retry_message, unsealed
from app.notify.operations.sending import MAX_ATTEMPTS, claim_message, due_messages, mark_failed, mark_sent
from app.notify.receivers import OWNER
from app.notify.transport import SmtpTransport, compose, transport_of
from app.settings.operations.settings import change_setting
from tests.conftest import NOW
from tests.factories.accounts import make_user
from tests.support.client import words
from tests.support.mailbox import sent_text


def queue(session: Session, dedup: str = "d1", to: object = "lin@example.org", **more: object) -> Message:
    context = {"name": "林", "link": "https://example.org/x", "at": NOW, **more.pop("context", {})}  # type: ignore[dict-item]
    return queue_message(
        session, template="accounts/password_changed", to=to, locale="zh_CN", context=context, dedup=dedup, now=NOW, rests_on=OWNER, **more  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_message_leaves_after_the_commit_in_its_receivers_language(app: Flask, session: Session) -> None:
    user = make_user(session, email="ada@example.org", locale="en")
    with atomic() as inner:
        english = queue_message(
            inner, template="accounts/password_changed", to=user, locale="en", context={"name": "Ada", "link": "x", "at": NOW},
            dedup="e", now=NOW, rests_on=OWNER,
        )  # fmt: skip
    session.refresh(english)
    assert (english.state, english.subject, english.attempts) == (MessageState.SENT, "Your password was changed", 1)
    text = sent_text(english, app.extensions["jiebang"].var / "mail")
    assert text.startswith("Hello Ada,")


def test_the_same_reason_makes_one_message(session: Session) -> None:
    assert queue(session) is queue(session)


def test_a_rolled_back_reason_makes_none(session: Session) -> None:
    def refused() -> None:
        with atomic() as inner:
            queue(inner)
            raise ValueError

    with pytest.raises(ValueError):
        refused()
    assert session.scalars(select(Message)).all() == []


def test_the_secret_of_a_link_is_nowhere_in_the_database(app: Flask, session: Session) -> None:
    _token, secret = issue_token(
        session, purpose=TokenPurpose.INVITE_JUDGE, email="a@example.org", lifetime=timedelta(days=1), actor=SYSTEM, now=NOW
    )
    message = queue(session, context={"link": f"http://localhost/judge/{secret}"}, hold=True, link=f"/judge/{secret}")
    session.flush()
    rows = [
        *session.execute(select(*Message.__table__.columns)).all(), *session.execute(select(*Token.__table__.columns)).all(),
    ]  # fmt: skip
    assert [row for row in rows if secret in repr(tuple(row))] == []
    assert f"http://localhost/judge/{secret}" in unsealed(message)[0]


def test_held_messages_wait_until_somebody_has_read_them(session: Session) -> None:
    with atomic() as inner:
        first, second = (queue(inner, f"d{n}", batch="results-7", hold=True) for n in range(2))
        third = queue(inner, "other", batch="results-8", hold=True)
    assert due_messages(session, now=clock.now()) == []
    with atomic() as inner:
        drop_message(inner, message=inner.get_one(Message, second.id), reason="wrong name", actor=SYSTEM, now=NOW)
    with atomic() as inner:
        assert release_batch(inner, batch="results-7", actor=SYSTEM, now=NOW) == 1
    states = dict(session.execute(select(Message.id, Message.state)).all())
    assert states == {first.id: MessageState.SENT, second.id: MessageState.DROPPED, third.id: MessageState.HELD}
    with pytest.raises(MessageGone):
        drop_message(session, message=session.get_one(Message, first.id), reason="too late", actor=SYSTEM, now=NOW)


def test_one_attempt_at_a_time_and_a_lost_one_is_found_again(session: Session) -> None:
    message = queue(session)
    assert claim_message(session, message_id=message.id, now=NOW) is message
    assert claim_message(session, message_id=message.id, now=NOW) is None
    assert due_messages(session, now=NOW + timedelta(minutes=4)) == []
    assert due_messages(session, now=NOW + timedelta(minutes=5)) == [message.id]


def test_failures_wait_longer_and_longer_and_then_give_up(session: Session) -> None:
    message, now = queue(session), NOW
    waits = []
    for _ in range(MAX_ATTEMPTS):
        assert claim_message(session, message_id=message.id, now=now) is not None
        mark_failed(session, message_id=message.id, error="451 later", now=now)
        waits.append((message.due_at - now).total_seconds() / 60)
        now = message.due_at
    session.flush()
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128]
    assert (message.state, message.last_error) == (MessageState.FAILED, "451 later")
    retry_message(session, message=message, actor=SYSTEM, now=now)
    assert (message.state, message.attempts) == (MessageState.QUEUED, 0)


def test_nothing_leaves_while_all_mail_is_held_back(session: Session) -> None:
    change_setting(session, key="mail_paused", value=True, actor=SYSTEM, now=NOW)
    session.commit()
    with atomic() as inner:
        message = queue(inner)
    session.refresh(message)
    assert (message.state, message.attempts) == (MessageState.QUEUED, 0)
    change_setting(session, key="mail_paused", value=False, actor=SYSTEM, now=NOW)
    session.commit()
    jobs.sweep()
    session.refresh(message)
    assert message.state == MessageState.SENT


def test_nothing_leaves_a_restored_copy_until_it_is_opened(session: Session) -> None:
    message = queue(session)
    session.commit()
    rest.begin(lambda: NOW)
    try:
        jobs.sweep()
        session.refresh(message)
        assert (message.state, message.attempts) == (MessageState.QUEUED, 0)
    finally:
        rest.end()
    jobs.sweep()
    session.refresh(message)
    assert message.state == MessageState.SENT


def test_sending_twice_sends_once(session: Session) -> None:
    with atomic() as inner:
        message = queue(inner)
    jobs.send_one(message.id)
    session.refresh(message)
    assert message.attempts == 1


@pytest.mark.parametrize("address", [
    "a@example.org, b@example.org", "a@example.org\r\nBcc: c@example.org", "a b@example.org", "nobody", "<a@example.org>",
    "a@example.org;b@example.org",
])  # fmt: skip
def test_a_message_has_one_receiver(session: Session, address: str) -> None:
    with pytest.raises(NotAnAddress):
        queue(session, to=address)


def mail(**changes: str) -> EmailMessage:
    values = {"sender": "no-reply@example.org", "sender_name": "揭榜", "to": "lin@example.org", "subject": "结果", "text": "正文\n",
              "html": "", "dedup": "d", "host": "example.org", **changes}  # fmt: skip
    return compose(headers={}, when=NOW, **values)  # type: ignore[arg-type]


def test_line_breaks_cannot_enter_headers(session: Session) -> None:
    message = queue(session, context={"name": "林\r\nBcc: everybody@example.org"})
    assert "\n" not in message.subject
    with pytest.raises(ValueError):
        mail(subject="x\r\nBcc: c@example.org")


def test_the_mails_name_follows_from_its_reason() -> None:
    made = [mail(dedup=dedup)["Message-ID"] for dedup in ("one", "one", "two")]
    assert made[0] == made[1] != made[2]


class _Smtp(socketserver.StreamRequestHandler):
    """A mail server that takes what it gets."""

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        body = False
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            if body:
                body = line != "."
                self.server.lines.append(line)  # type: ignore[attr-defined]
                if not body:
                    self.wfile.write(b"250 taken\r\n")
                continue
            self.server.lines.append(line)  # type: ignore[attr-defined]
            body = line.upper() == "DATA"
            self.wfile.write(b"354 go on\r\n" if body else b"221 bye\r\n" if line.upper() == "QUIT" else b"250 fine\r\n")
            if line.upper() == "QUIT":
                return


@pytest.fixture
def smtp() -> Iterator[socketserver.TCPServer]:
    server = socketserver.TCPServer(("127.0.0.1", 0), _Smtp)
    server.lines = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_mail_server_gets_one_envelope_for_one_receiver(smtp: socketserver.TCPServer) -> None:
    transport = transport_of(f"smtp://127.0.0.1:{smtp.server_address[1]}")
    assert isinstance(transport, SmtpTransport)
    transport.check()
    transport.send(mail())
    lines = smtp.lines  # type: ignore[attr-defined]
    assert [line for line in lines if line.startswith("rcpt TO")] == ["rcpt TO:<lin@example.org>"]
    assert "To: lin@example.org" in lines
    assert "Auto-Submitted: auto-generated" in lines


def test_an_unknown_transport_is_refused() -> None:
    with pytest.raises(ValueError, match="MAIL_URL"):
        transport_of("carrier-pigeon://loft")


def test_the_inbox_shows_ones_own_messages_only(client: FlaskClient, session: Session) -> None:
    mine, other = make_user(session), make_user(session)
    with atomic() as inner:
        message = queue(inner, "mine", to=mine)
        theirs = queue(inner, "theirs", to=other)
    client.sign_in(mine)
    assert message.subject in words(client.get("/my/messages/"))
    assert client.get(f"/my/messages/{message.id}").status_code == 200
    assert client.get(f"/my/messages/{theirs.id}").status_code == 404
    client.post("/my/messages/read")
    session.refresh(message)
    session.refresh(theirs)
    assert (message.read_at is not None, theirs.read_at) == (True, None)


def test_a_sent_message_keeps_no_secret(session: Session) -> None:
    message = queue(session, context={"link": "https://example.org/" + "a" * 43})
    assert message.sealed is not None
    claim_message(session, message_id=message.id, now=NOW)
    mark_sent(session, message_id=message.id, now=NOW)
    assert message.sealed is None
