"""The journal: chains without gaps, salted commitments, deliveries that are not lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.audit.events import Event, event
from app.audit.models import JournalEvent
from app.audit.operations import note_reading, record
from app.audit.operations.verify import verify_chain
from app.core.authz import SYSTEM, Actor
from app.core.db import db
from app.core.uow import atomic
from tests.conftest import NOW
from tests.support.racing import race, racing_ground


@event("audit.thing_tried", "thing")
class ThingTried(Event):
    thing_id: int
    edition_id: int
    note: str = ""


def tried(session: Session, count: int) -> list[JournalEvent]:
    rows = [record(session, ThingTried(n, 7, f"note {n}"), actor=SYSTEM, now=NOW) for n in range(count)]
    session.flush()
    return rows


def test_facts_of_an_edition_form_one_chain_without_gaps(session: Session) -> None:
    tried(session, 5)
    report = verify_chain(session, "edition:7")
    assert (report.length, report.is_whole) == (5, True)


def test_an_altered_row_is_refused_by_the_database(session: Session) -> None:
    row = tried(session, 2)[0]
    with pytest.raises(DatabaseError, match="append_only"), session.begin_nested():
        session.execute(text("UPDATE journal_events SET name = 'x' WHERE id = :id"), {"id": row.id})


@pytest.mark.parametrize("statement", ["DELETE FROM {table}", "UPDATE {table} SET actor_id = 9"])
@pytest.mark.parametrize("table", ["journal_events", "readings"])
def test_neither_fact_nor_reading_is_changed_or_removed(session: Session, table: str, statement: str) -> None:
    tried(session, 1)
    note_reading(session, subject="entry", subject_id=1, edition_id=None, actor=Actor(user_id=7), now=NOW)
    session.flush()
    with pytest.raises(DatabaseError, match="append_only"), session.begin_nested():
        session.execute(text(statement.format(table=table)))


def test_a_row_may_be_blanked_and_the_chain_stays_whole(session: Session) -> None:
    row = tried(session, 3)[1]
    session.execute(
        text("UPDATE journal_events SET payload = NULL, salt = NULL WHERE id = :id"),
        {"id": row.id},
    )
    session.expire_all()
    assert verify_chain(session, "edition:7").is_whole


def test_equal_facts_have_different_commitments(session: Session) -> None:
    record(session, ThingTried(1, 7), actor=SYSTEM, now=NOW)
    record(session, ThingTried(1, 7), actor=SYSTEM, now=NOW)
    session.flush()
    commits = session.scalars(select(JournalEvent.commit)).all()
    assert len(set(commits)) == 2


def test_a_float_cannot_enter_the_journal(session: Session) -> None:
    with pytest.raises(TypeError):
        record(session, ThingTried(1, 7, 0.5), actor=SYSTEM, now=NOW)  # type: ignore[arg-type]


def test_first_facts_of_a_chain_at_one_moment_all_find_their_place(app: Flask, tmp_path: Path) -> None:
    def job(number: int) -> Callable[[], int]:
        def tell() -> int:
            with atomic() as session:
                return record(session, ThingTried(number, 7), actor=SYSTEM, now=NOW).seq

        return tell

    with racing_ground(app, tmp_path):
        assert sorted(race(app, [job(n) for n in range(8)])) == list(range(1, 9))
        report = verify_chain(db.session, "edition:7")
        assert (report.length, report.is_whole) == (8, True)
