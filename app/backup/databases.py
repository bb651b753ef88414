"""A database at one moment as a file, and back: SQLite by its own copy, PostgreSQL by pg_dump. Never a copy of a file in use."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Engine, insert, inspect, text
from sqlalchemy.orm import Session

from app.core.db import make_engine

from .models import Restoration

MISSING_PROGRAM = "{} is not installed: take the client programs of the server's version (Debian, Ubuntu: apt install postgresql-client)"


class DatabaseFailed(Exception):
    """The database or its programs refused; the message is theirs."""


@contextmanager
def snapshot(engine: Engine, path: Path) -> Iterator[Session]:
    """Write the database as it is at this moment to ``path``; the session reads exactly that moment."""
    take = _sqlite_snapshot if engine.dialect.name == "sqlite" else _postgresql_snapshot
    with take(engine, path) as session:
        yield session


def is_empty(engine: Engine) -> bool:
    """Whether there is not one table."""
    return not inspect(engine).get_table_names()


def load(engine: Engine, path: Path, *, archive: str, taken_at: datetime, now: datetime) -> None:
    """Fill an empty database from a snapshot, marked as a restored copy in the same transaction."""
    mark = {"archive": archive, "taken_at": taken_at, "restored_at": now}
    (_load_sqlite if engine.dialect.name == "sqlite" else _load_postgresql)(engine, path, mark)


# --- SQLite -----------------------------------------------------------------------------------------------------------


@contextmanager
def _sqlite_snapshot(engine: Engine, path: Path) -> Iterator[Session]:
    """``VACUUM INTO`` reads one state while writers go on; pages of deleted rows stay behind."""
    raw = engine.raw_connection()  # outside of any transaction
    try:
        raw.cursor().execute("VACUUM INTO ?", (str(path),))
    except Exception as error:  # the driver's own, without SQLAlchemy around it: a full disk above all
        raise DatabaseFailed(f"SQLite could not copy the database to {path.parent}: {error}") from error
    finally:
        raw.close()
    copy = make_engine(f"sqlite:///{path}")
    try:
        with Session(copy) as session:
            yield session
    finally:
        copy.dispose()


def _load_sqlite(engine: Engine, path: Path, mark: Mapping[str, Any]) -> None:
    """Marked first, then copied by SQLite in one transaction: there is no moment at which an unmarked copy lies at its place."""
    copy = make_engine(f"sqlite:///{path}")
    try:
        with copy.begin() as connection:
            connection.execute(insert(Restoration).values(**mark))
        source, target = copy.raw_connection(), engine.raw_connection()
        try:
            source.driver_connection.backup(target.driver_connection)  # type: ignore[union-attr]
        finally:
            source.close()
            target.close()
    finally:
        copy.dispose()
        engine.dispose()


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


@contextmanager
def _postgresql_snapshot(engine: Engine, path: Path) -> Iterator[Session]:
    """pg_dump reads the state of a transaction of ours, which then tells what is in it."""
    program, (address, environment) = _program("pg_dump"), _server(engine)
    with Session(engine) as session:
        name = str(session.scalar(text("SELECT pg_export_snapshot()")))
        command = [program, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={name}", f"--file={path}", address]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise DatabaseFailed(done.stderr.strip() or "pg_dump failed")
        yield session


def _load_postgresql(engine: Engine, path: Path, mark: Mapping[str, Any]) -> None:
    """pg_restore writes SQL, psql runs it; what marks the copy and the COMMIT follow only when pg_restore came to its end."""
    dump, shell, (address, environment) = _program("pg_restore"), _program("psql"), _server(engine)
    engine.dispose()
    reading = subprocess.Popen(
        [dump, "--no-owner", "--no-privileges", "--file=-", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    writing = subprocess.Popen(
        [shell, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null", address], env=environment,
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    with reading, writing:
        said: list[bytes] = []
        listening = [threading.Thread(target=_listen, args=(pipe, said)) for pipe in (reading.stderr, writing.stderr)]
        for thread in listening:
            thread.start()
        with suppress(BrokenPipeError):
            _pump(reading, writing, mark)
        for thread in listening:
            thread.join()
    if reading.returncode or writing.returncode:
        raise DatabaseFailed(b"".join(said).decode(errors="replace").strip()[-2000:] or "pg_restore failed")


def _pump(reading: subprocess.Popen[bytes], writing: subprocess.Popen[bytes], mark: Mapping[str, Any]) -> None:
    source, target = reading.stdout, writing.stdin
    if source is None or target is None:
        raise DatabaseFailed("the programs of PostgreSQL have no pipes")
    with target:
        target.write(b"BEGIN;\n")
        shutil.copyfileobj(source, target)
        if reading.wait() == 0:
            target.write(f"{_marking(mark)};\nCOMMIT;\n".encode())


def _marking(mark: Mapping[str, Any]) -> str:
    written = [value.isoformat() if isinstance(value, datetime) else str(value).replace("'", "''") for value in mark.values()]
    values = ", ".join(f"'{value}'" for value in written)
    return f"INSERT INTO public.restorations ({', '.join(mark)}) VALUES ({values})"  # nosec B608 -- names are ours, values are quoted


def _listen(pipe: IO[bytes] | None, said: list[bytes]) -> None:
    if pipe is not None:
        said.append(pipe.read())


def _server(engine: Engine) -> tuple[str, dict[str, str]]:
    """The address without the password, which goes by the environment: arguments can be read by everybody on the machine."""
    url = engine.url.set(drivername="postgresql")
    password = {"PGPASSWORD": str(url.password)} if url.password else {}
    return f"--dbname={url.set(password=None).render_as_string(hide_password=False)}", {**os.environ, **password}


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise DatabaseFailed(MISSING_PROGRAM.format(name))
    return found
