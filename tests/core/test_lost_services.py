"""A database and a store behind a wire that is cut in mid-work: told in words, nothing half done, well again without a restart."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from obstore.exceptions import BaseError as StorageError
from psycopg import errors
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolEmpty

from app.core.db import make_engine
from app.core.troubles import Busy, DatabaseGone, TooSlow, trouble_of
from app.files.storage import make_storage
from config import load_config
from tests.support.wire import Wire

DATABASE, STORE = os.environ.get("TEST_DATABASE_URL", ""), os.environ.get("TEST_S3_ENDPOINT", "")
needs_postgresql = pytest.mark.skipif(not DATABASE, reason="needs PostgreSQL; run by make test-services")
needs_store = pytest.mark.skipif(not STORE, reason="needs an object store; run by make test-services")


@pytest.fixture
def database() -> Iterator[Wire]:
    url = make_url(DATABASE)
    with Wire((url.host or "127.0.0.1", url.port or 5432)) as wire:
        yield wire


@pytest.mark.parametrize("state", ["40P01", "40001", "55P03"])
def test_who_was_undone_for_waiting_in_a_circle_may_try_again(state: str) -> None:
    cause = errors.lookup(state)("deadlock detected")
    assert isinstance(trouble_of(OperationalError("UPDATE", {}, cause)), Busy)


@pytest.mark.parametrize("state", ["57P01", "57P03", "53300", "08006"])
def test_a_server_that_stops_or_starts_is_gone_for_the_moment(state: str) -> None:
    cause = errors.lookup(state)("terminating connection due to administrator command")
    assert isinstance(trouble_of(OperationalError("SELECT", {}, cause)), DatabaseGone)


def test_a_statement_that_was_given_up_took_too_long() -> None:
    cause = errors.lookup("57014")("canceling statement due to statement timeout")
    assert isinstance(trouble_of(OperationalError("SELECT", {}, cause)), TooSlow)


@needs_postgresql
def test_a_statement_and_a_wait_for_a_lock_have_an_end_where_one_is_set() -> None:
    engine, patient = make_engine(DATABASE, statement_seconds=1), make_engine(DATABASE)
    with pytest.raises(DBAPIError) as caught, engine.begin() as connection:
        connection.execute(text("SELECT pg_sleep(10)"))
    assert isinstance(trouble_of(caught.value), TooSlow)
    with patient.begin() as holder:
        holder.execute(text("SELECT pg_sleep(1.2)"))  # who sets no end waits
        holder.execute(text("SELECT pg_advisory_xact_lock(4711)"))
        with pytest.raises(DBAPIError) as caught, engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(4711)"))
    assert isinstance(trouble_of(caught.value), Busy)
    engine.dispose()
    patient.dispose()


def test_a_pool_without_a_free_connection_is_busy() -> None:
    assert isinstance(trouble_of(PoolEmpty("QueuePool limit reached")), Busy)


def test_a_server_that_cannot_be_reached_is_gone() -> None:
    with Wire(("127.0.0.1", 1)) as wire:
        wire.cut()
        engine = make_engine(f"postgresql+psycopg://nobody@127.0.0.1:{wire.port}/none")
        with pytest.raises(DBAPIError) as caught:
            engine.connect()
        engine.dispose()
    assert isinstance(trouble_of(caught.value), DatabaseGone)


@needs_postgresql
def test_a_wire_cut_within_a_transaction_leaves_nothing_and_the_next_one_works(database: Wire) -> None:
    engine = make_engine(make_url(DATABASE).set(port=database.port).render_as_string(hide_password=False))
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS wires"))
        connection.execute(text("CREATE TABLE wires (number integer)"))
    with pytest.raises(DBAPIError) as caught, engine.begin() as connection:
        connection.execute(text("INSERT INTO wires VALUES (1)"))
        database.cut()
        connection.execute(text("INSERT INTO wires VALUES (2)"))
    assert isinstance(trouble_of(caught.value), DatabaseGone)
    database.mend()
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM wires")) == 0
        connection.execute(text("DROP TABLE wires"))
    engine.dispose()


@needs_store
def test_an_object_is_stored_whole_or_not_at_all(tmp_path: Path) -> None:
    place = urlsplit(STORE)
    with Wire((place.hostname or "127.0.0.1", place.port or 80)) as wire:
        known = load_config()
        options = {**known.storage_options, "S3_ENDPOINT": f"http://127.0.0.1:{wire.port}"}
        store = make_storage(replace(known, var=tmp_path, storage_options=options))
        content = b"x" * 3_000_000
        for name in ("first", "second"):
            (tmp_path / name).write_bytes(content)
        wire.cut()
        with pytest.raises(StorageError):
            store.put("wire/first", tmp_path / "first")
        assert (tmp_path / "first").exists(), "what could not be stored is still here"
        wire.mend()
        assert "wire/first" not in dict(store.objects())
        store.put("wire/second", tmp_path / "second")
        assert store.fetch("wire/second", hashlib.sha256(content).hexdigest()).read_bytes() == content
        store.delete("wire/second")
