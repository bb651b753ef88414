"""A million looks and acts: the first question after an incident is answered within a minute (1 million rows, all of one window)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, insert
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.audit.models import JournalEvent, Reading
from app.privacy.queries.access import accesses
from app.tables import metadata
from tests.conftest import NOW
from tests.factories.accounts import make_user

ROWS, PEOPLE, SECONDS = 1_000_000, 100, 60
HOUR = timedelta(hours=1)


@pytest.fixture
def crowded(tmp_path: Path) -> Iterator[Session]:
    """Half a million looks and as many facts, one a second, by a hundred people."""
    engine = create_engine(f"sqlite:///{tmp_path / 'large.db'}")
    metadata.create_all(engine)
    with Session(engine) as session:
        people = [make_user(session, f"Person {number}").id for number in range(PEOPLE)]
        for start in range(0, ROWS // 2, 20_000):
            moments = [(number, NOW + timedelta(seconds=number), people[number % PEOPLE]) for number in range(start, start + 20_000)]
            session.execute(insert(Reading), [
                {"at": at, "actor_id": who, "subject": "entry", "subject_id": number % 5000, "detail": {}} for number, at, who in moments
            ])  # fmt: skip
            session.execute(insert(JournalEvent), [
                {"chain": "platform", "seq": number + 1, "name": "accounts.user_signed_in", "at": at, "actor_id": who, "subject": "user",
                 "subject_id": who, "payload": "{}", "salt": b"s", "commit": "c", "prev": "p", "hash": "h"} for number, at, who in moments
            ])  # fmt: skip
        session.commit()
        yield session
    engine.dispose()


@pytest.mark.slow
def test_who_saw_what_is_told_within_a_minute(crowded: Session) -> None:
    person = crowded.query(User).order_by(User.id).first()
    assert person is not None
    took, until = {}, NOW + timedelta(days=30)
    for name, asked, expected in (
        ("everything", {}, ROWS), ("one person", {"user_id": person.id}, ROWS // PEOPLE),
        ("one entry", {"subject": "entry", "subject_id": 7}, ROWS // 2 // 5000),
    ):  # fmt: skip
        began = time.monotonic()
        assert sum(1 for _row in accesses(crowded, since=NOW, until=until, **asked)) == expected  # type: ignore[arg-type]
        took[name] = round(time.monotonic() - began, 2)
    began = time.monotonic()
    assert sum(1 for _row in accesses(crowded, since=NOW + HOUR, until=NOW + 2 * HOUR)) == 2 * 3600
    took["one hour"] = round(time.monotonic() - began, 2)
    print(took)
    assert max(took.values()) < SECONDS
