"""What teams answer lies sealed in the database: whoever holds a copy of it without the key reads none of it."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import ColumnElement, Text, select, type_coerce, update
from sqlalchemy.orm import Session

from app.core.crypto import Undecryptable
from app.entries.jobs import seal_what_lies_in_clear
from app.entries.models import Entry, EntryVersion
from app.entries.operations.content import digest_of
from app.entries.operations.sealing import SEALED_COLUMNS, seal_some
from tests.factories.entries import make_submitted
from tests.privacy.canary import stored_text

CARD = "320506199001011234"


@pytest.fixture
def entry(session: Session) -> Entry:
    made = make_submitted(session, answers={"summary": "x", "id_card": CARD})
    session.commit()
    return made


def raw(session: Session, column: ColumnElement[object]) -> list[str]:
    """What the column holds, as the database gives it."""
    return list(session.scalars(select(type_coerce(column, Text))).all())


def lay_open(session: Session) -> None:
    """As an earlier version stored it."""
    for column in SEALED_COLUMNS:
        rows = session.execute(select(column.class_.id, column)).all()
        for number, value in rows:
            text = json.dumps(value, ensure_ascii=False)
            session.execute(update(column.class_).where(column.class_.id == number).values({column.key: type_coerce(text, Text)}))
    session.commit()
    session.expire_all()


def test_an_answer_is_nowhere_in_clear_and_its_team_reads_it(session: Session, entry: Entry) -> None:
    assert [table for table, text in stored_text(session.connection(), opened=False).items() if CARD in text] == []
    session.expire_all()
    version = session.get_one(EntryVersion, entry.current_version_id)
    assert (entry.answers["id_card"], version.content["answers"]["id_card"]) == (CARD, CARD)


def test_equal_answers_do_not_look_equal(session: Session, entry: Entry) -> None:
    make_submitted(session, entry.call, answers=dict(entry.answers))
    session.flush()
    first, second = raw(session, Entry.answers)[-2:]
    assert first != second


def test_what_was_moved_to_another_column_is_refused(session: Session, entry: Entry) -> None:
    sealed = raw(session, EntryVersion.content)[0]
    session.execute(update(Entry).where(Entry.id == entry.id).values(answers=type_coerce(sealed, Text)))
    session.commit()
    session.expire_all()
    with pytest.raises(Undecryptable):
        assert entry.answers


def test_what_an_earlier_version_kept_in_clear_is_read_and_sealed_once(session: Session, entry: Entry) -> None:
    lay_open(session)
    assert CARD in stored_text(session.connection(), opened=False)["entries"]
    version = session.get_one(EntryVersion, entry.current_version_id)
    assert (entry.answers["id_card"], digest_of(version.content)) == (CARD, version.digest)
    session.rollback()
    seal_what_lies_in_clear()
    session.rollback()
    told = stored_text(session.connection(), opened=False)
    assert CARD not in told["entries"] + told["entry_versions"]
    session.expire_all()
    assert (entry.answers["id_card"], digest_of(version.content)) == (CARD, version.digest)
    assert seal_some(session) == 0


def test_sealing_goes_on_where_it_stopped(session: Session, entry: Entry) -> None:
    for _n in range(2):
        make_submitted(session, entry.call)
    session.commit()
    lay_open(session)
    assert [seal_some(session, limit=2) for _n in range(3)] == [4, 2, 0]
