"""What is past its time goes; what is not, and what still waits, stays."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.enums import KeyPurpose, TokenPurpose
from app.accounts.models import KeyChallenge, SignInAttempt, Token, UserSession
from app.audit.enums import DeliveryState
from app.audit.models import Delivery, JournalEvent
from app.audit.operations.verify import verify_chain
from app.core import clock
from app.core.authz import SYSTEM
from app.core.inventory import KEPT_FOR, Keep
from app.downloads.enums import DownloadState
from app.downloads.models import Download
from app.notify.enums import MessageState
from app.notify.models import Message
from app.privacy.inventory import holdings
from app.privacy.jobs import keep_no_longer
from app.privacy.operations.purging import EXPIRING, remove_expired
from tests.conftest import NOW
from tests.factories.accounts import make_user

MOMENT = timedelta(seconds=1)


def rows_of(session: Session, table: str, ended: datetime) -> None:
    """One row of the table that had done its duty at that moment."""
    user = make_user(session)
    before = ended - timedelta(days=1)
    session.add({
        "user_sessions": lambda: UserSession(
            token_hash=str(ended), user_id=user.id, created_at=before, last_seen_at=before, expires_at=ended, reauthenticated_at=before),
        "tokens": lambda: Token(
            token_hash=str(ended), purpose=TokenPurpose.RESET_PASSWORD, email=user.email, nonce=b"n", created_at=before, expires_at=ended),
        "key_challenges": lambda: KeyChallenge(
            user_id=user.id, purpose=KeyPurpose.SIGN_IN, place="here", challenge=b"c", expires_at=ended),
        "sign_in_attempts": lambda: SignInAttempt(account="a", network="n", at=ended, succeeded=False),
        "deliveries": lambda: Delivery(
            event_id=an_event(session, ended), subscriber="x", state=DeliveryState.DONE, due_at=before, done_at=ended),
        "downloads": lambda: Download(
            code=str(ended), kind="k", title="t", locale="en", requester_id=user.id, state=DownloadState.FAILED, ordered_at=ended),
        "messages": lambda: Message(
            dedup=str(ended), template="t", email=user.email, locale="en", subject="s", body_text="b", state=MessageState.SENT,
            due_at=before, sent_at=ended, created_at=before),
    }[table]())  # fmt: skip
    session.flush()


def an_event(session: Session, at: datetime) -> int:
    row = JournalEvent(chain=f"test:{at}"[:40], seq=1, name="x.y", at=at, subject="x", commit="", prev="", hash="")
    session.add(row)
    session.flush()
    return row.id


def count(session: Session, table: str) -> int:
    return session.scalar(select(func.count()).select_from(EXPIRING[table].__table__)) or 0


def test_whatever_has_a_time_limit_is_removed_by_somebody() -> None:
    assert {row.table for row in holdings() if row.keep in KEPT_FOR} == set(EXPIRING)


@pytest.mark.parametrize("table", sorted(EXPIRING))
def test_a_row_goes_the_moment_its_time_is_over_and_not_before(session: Session, table: str) -> None:
    keep = next(row.keep for row in holdings() if row.table == table)
    rows_of(session, table, NOW - KEPT_FOR[keep] - MOMENT)
    rows_of(session, table, NOW - KEPT_FOR[keep])
    before = count(session, table)
    assert remove_expired(session, table=table, actor=SYSTEM, now=NOW) == 1
    assert count(session, table) == before - 1
    assert remove_expired(session, table=table, actor=SYSTEM, now=NOW) == 0
    last = session.scalars(select(JournalEvent).where(JournalEvent.name == "privacy.expired_removed")).all()
    assert [row.payload for row in last] == [f'{{"count":1,"table":"{table}"}}']
    assert verify_chain(session, "platform").is_whole


def test_what_still_waits_is_never_removed(session: Session) -> None:
    long_ago = NOW - KEPT_FOR[Keep.MAIL] * 2
    event_id = an_event(session, long_ago)
    session.add(Delivery(event_id=event_id, subscriber="x", due_at=long_ago))
    session.add(Delivery(event_id=event_id, subscriber="y", state=DeliveryState.DEAD, due_at=long_ago))
    session.add(Message(dedup="waiting", template="t", email="a@example.org", locale="en", subject="s", body_text="b",
                        state=MessageState.QUEUED, due_at=long_ago, created_at=long_ago))  # fmt: skip
    session.flush()
    assert [remove_expired(session, table=table, actor=SYSTEM, now=NOW) for table in ("deliveries", "messages")] == [0, 0]


def test_the_nightly_round_goes_through_every_table(session: Session) -> None:
    for table in EXPIRING:
        rows_of(session, table, clock.now() - timedelta(days=3000))
    session.commit()
    keep_no_longer.call_local()
    assert {table: count(session, table) for table in ("user_sessions", "tokens", "sign_in_attempts", "messages")} == dict.fromkeys(
        ("user_sessions", "tokens", "sign_in_attempts", "messages"), 0
    )
