"""A database of its own on disk (SQLite) or on the server (PostgreSQL), and several threads that start at one moment."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from psycopg import sql
from sqlalchemy import make_url

from app.core.db import db
from app.tables import metadata
from tests.support.services import WORKER


@contextmanager
def racing_ground(app: Flask, folder: Path) -> Iterator[None]:
    """What is committed inside is real, and gone afterwards."""
    engine, make = db.engine, db._make
    db.release()
    db.open(fresh_database(folder))
    assert db.engine is not None
    metadata.create_all(db.engine)
    try:
        with app.app_context():
            yield
    finally:
        db.release()
        db.engine.dispose()
        db.engine, db._make = engine, make


def fresh_database(folder: Path, purpose: str = "race") -> str:
    """The address of an empty database: a file in the folder, or one on the server on which the suite runs, one for each purpose."""
    named = os.environ.get("TEST_DATABASE_URL")
    if not named:
        return f"sqlite:///{folder / f'{purpose}.db'}"
    url = make_url(named)
    own = url.set(database=f"{url.database}_{purpose}{WORKER}")
    server = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        name = sql.Identifier(own.database or "")
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(name))
    return own.render_as_string(hide_password=False)


def race(app: Flask, jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all jobs at once, each in a thread and session of its own; their results, or the exceptions they raised."""
    results: list[Any] = [None] * len(jobs)
    start = threading.Barrier(len(jobs))

    def run(number: int) -> None:
        with app.app_context():
            start.wait(timeout=30)
            try:
                results[number] = jobs[number]()
            except Exception as error:  # noqa: BLE001 -- what was raised is the result
                results[number] = error
            finally:
                db.release()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return results
