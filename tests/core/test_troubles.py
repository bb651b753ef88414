"""What disk and database refuse: a sentence and a 503, never a stack; after an I/O error no write until one succeeds."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core import troubles
from app.core.db import make_engine
from app.core.troubles import Busy, Latch, StorageFull, Unavailable, WritesStopped, trouble_of
from tests.support.client import words


def failure(engine, *statements: str) -> DBAPIError:
    """The error of the first statement that fails."""
    with pytest.raises(DBAPIError) as caught, engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    return caught.value


@pytest.fixture
def file(tmp_path: Path) -> Iterator[object]:
    engine = make_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE things (body TEXT)"))
    yield engine
    engine.dispose()


def test_a_full_file_is_storage_full(file) -> None:
    error = failure(file, "PRAGMA max_page_count = 2", "INSERT INTO things VALUES (hex(zeroblob(100000)))")
    assert isinstance(trouble_of(error), StorageFull)


def test_a_lock_that_stays_is_busy(file) -> None:
    with file.connect().execution_options(write=True) as holder:
        holder.execute(text("INSERT INTO things VALUES ('x')"))
        with file.connect() as other:
            other.exec_driver_sql("PRAGMA busy_timeout = 50")
            with pytest.raises(DBAPIError) as caught:
                other.execute(text("INSERT INTO things VALUES ('y')"))
        holder.rollback()
    assert isinstance(trouble_of(caught.value), Busy)


def test_a_wrong_statement_is_no_trouble_of_the_disk(file) -> None:
    assert trouble_of(failure(file, "SELECT * FROM nothing")) is None
    assert trouble_of(OSError(errno.EACCES, "no")) is None
    assert isinstance(trouble_of(OSError(errno.ENOSPC, "full")), StorageFull)


def test_a_set_latch_refuses_until_a_write_of_its_own_succeeds(file) -> None:
    latch, moment = Latch(), iter((0.0, 1.0, 5.0))
    latch.seconds = lambda: next(moment)
    latch.stop(OSError(errno.EIO, "I/O"))
    with pytest.raises(WritesStopped):
        latch.require(file)  # a second later: not looked at again
    latch.require(file)
    assert not latch.is_set


def test_a_disk_that_still_fails_keeps_it_set(tmp_path: Path) -> None:
    gone = make_engine(f"sqlite:///{tmp_path / 'no' / 'such.db'}")
    latch = Latch()
    latch.seconds = iter((0.0, 9.0, 18.0)).__next__
    latch.stop(OSError(errno.EIO, "I/O"))
    for _time in range(2):
        with pytest.raises(WritesStopped):
            latch.require(gone)
    assert latch.is_set


@pytest.mark.parametrize("trouble", [StorageFull, Busy, WritesStopped, troubles.DatabaseGone, troubles.StoreGone])
def test_each_answers_503_with_its_sentence_and_when_to_try_again(app: Flask, trouble: type[Unavailable]) -> None:
    from app import errorpages

    with app.test_request_context("/"):
        response = errorpages.unavailable(trouble())
        assert (response.status_code, response.headers["Retry-After"]) == (503, str(trouble.retry_after))
        assert str(trouble.message) in words(response)
