"""Abandoned uploads expire in the night after a day, as rows, as stored objects and in the spool; what anything points to never does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.entries.models import EntryFile
from app.entries.operations.attaching import attach_file, remove_file
from app.entries.operations.handing_in import withdraw_entry
from app.files.jobs import sweep_files
from app.files.models import Blob
from app.files.setup import storage
from tests.conftest import NOW
from tests.factories.entries import leader_of, make_entry, make_submitted
from tests.factories.files import make_blob, pdf, upload

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture
def night() -> Iterator[None]:
    yield
    clock.read_from(None)


def sweep(at: datetime) -> None:
    """The nightly job, at that time."""
    clock.read_from(lambda: at)
    sweep_files()


def stored(session: Session) -> tuple[set[str], set[str]]:
    """Keys that have a row, keys that have an object."""
    session.expire_all()
    return set(session.scalars(select(Blob.key))), set(dict(storage().objects()))


def test_only_what_nothing_points_to_expires(session: Session, night: None) -> None:
    entry, gone = make_entry(session), make_submitted(session)
    attach_file(session, entry=entry, key="plan", upload=upload(pdf(2), "b.pdf"), actor=leader_of(session, entry), now=NOW)
    withdraw_entry(session, entry=gone, reason="no time", actor=leader_of(session, gone), now=NOW)
    removed = make_entry(session)
    file = session.scalars(select(EntryFile).where(EntryFile.entry_id == removed.id)).one()
    remove_file(session, entry=removed, file_id=file.id, actor=leader_of(session, removed), now=NOW)
    session.flush()
    kept = set(session.scalars(select(Blob.key).where(Blob.id.in_(select(EntryFile.blob_id)))))
    assert len(kept) == 4, "current, replaced, of a withdrawn entry, removed: all are history"
    old, young = make_blob(session).key, make_blob(session, stored_at=NOW + timedelta(hours=5)).key
    session.commit()
    sweep(NOW + DAY)
    assert {old, young, *kept} <= stored(session)[0], "a day has not passed"
    sweep(NOW + DAY + SECOND)
    rows, _objects = stored(session)
    assert old not in rows
    assert {young, *kept} <= rows
    sweep(clock.now() + timedelta(days=4000))
    rows, objects = stored(session)
    assert young not in rows
    assert (kept & rows, kept & objects, {old, young} & objects) == (kept, kept, set())


def test_the_rest_of_an_unfinished_upload_leaves_the_spool_after_a_day(session: Session, night: None) -> None:
    began = datetime.now(NOW.tzinfo)
    spool = storage().spool
    spool.mkdir(parents=True, exist_ok=True)
    torn, coming = spool / "torn", spool / "coming"
    for path, age in ((torn, DAY + SECOND), (coming, DAY - 60 * SECOND)):
        path.write_bytes(b"%PDF-1.7 half of it")
        os.utime(path, (0, (began - age).timestamp()))
    session.commit()
    sweep(began)
    assert (torn.exists(), coming.exists()) == (False, True)
    coming.unlink()
