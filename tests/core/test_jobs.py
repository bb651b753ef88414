"""The queue: only what this installation signed runs, and a job is told numbers and names."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2
import pytest
from huey import Huey

from app.core.db import SAFE_WAL
from app.core.jobs import make_huey, task
from config import load_config

BASE = {"JIEBANG_ENV": "development", "SECRET_KEY": "a" * 40, "FIELD_KEY": "b" * 40}


class Trap:
    """What pickle would run when it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


def queue_of(folder: Path, **settings: str) -> Huey:
    return make_huey(load_config({**BASE, "JIEBANG_VAR": str(folder), **settings}))


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Huey]:
    """A queue in a file of its own."""
    queue = queue_of(tmp_path)
    yield queue
    queue.storage.close()


def test_what_was_signed_here_is_read_again(queue: Huey) -> None:
    work = queue.task(name="work")(lambda number: number)
    work(7)
    assert queue.dequeue().args == (7,)


def test_the_queue_is_written_by_the_sqlite_of_the_database(queue: Huey) -> None:
    ((version,),) = queue.storage.sql("select sqlite_version()", results=True)
    assert version == pysqlite3.dbapi2.sqlite_version
    assert tuple(map(int, version.split("."))) >= SAFE_WAL


def test_a_foreign_message_runs_nothing(queue: Huey, tmp_path: Path) -> None:
    caught = tmp_path / "caught"
    evil = pickle.dumps(Trap(caught))
    for message in (evil, evil + b":" + b"0" * 40, b"", b":"):
        queue.storage.enqueue(message)
        try:
            queue.dequeue()
        except (ValueError, EOFError):
            continue
        assert message == b"", "an empty message is none"
    assert not caught.exists()


def test_an_altered_message_and_one_of_another_installation_are_refused(queue: Huey, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = queue_of(tmp_path / "other", SECRET_KEY="c" * 40)
    for each in (queue, other):
        each.task(name="work")(lambda number: number)(7)
    own, foreign = queue.storage.dequeue(), other.storage.dequeue()
    other.storage.close()
    for message in (own[:20] + bytes([own[20] ^ 1]) + own[21:], foreign):
        queue.storage.enqueue(message)
        with pytest.raises(ValueError, match="mismatch"):
            queue.dequeue()


def test_a_job_takes_numbers_and_names_only() -> None:
    done: list[object] = []

    def note(*given: object) -> None:
        done.extend(given)

    job = task()(note)
    for thing in (object(), {"id": 1}, [1, 2], 1.5, None):
        with pytest.raises(TypeError):
            job(thing)
    assert done == []
