"""Production refuses a database that may lose what it acknowledged."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
import pytest
from sqlalchemy import create_engine, event

from app.core.db import make_engine
from app.core.durability import UnsafeDatabaseError, compact, dangers, file_system_of, refuse_unsafe
from tests.servers import ROOT


def test_our_own_sqlite_settings_are_safe(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'safe.db'}")
    assert list(dangers(engine)) == []
    refuse_unsafe(engine)
    engine.dispose()


def test_a_lower_synchronous_level_is_refused(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'quick.db'}", module=sqlite)
    event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=NORMAL"))
    with pytest.raises(UnsafeDatabaseError, match="synchronous = 1"):
        refuse_unsafe(engine)
    engine.dispose()


def test_a_network_file_system_is_recognised_by_its_longest_mount_point(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/vda / ext4 rw 0 0\nserver:/share /srv/share nfs4 rw 0 0\n")
    assert file_system_of("/srv/share/jiebang.db", mounts) == "nfs4"
    assert file_system_of("/srv/sharepoint/jiebang.db", mounts) == "ext4"
    assert file_system_of("/srv/share/jiebang.db", tmp_path / "no-such-file") == ""


def start_in_production(folder: Path, options: str) -> tuple[int, str]:
    """Import the application as gunicorn does, on the test server's PostgreSQL with the given session settings."""
    secret = "0123456789abcdef" * 4
    environment = {
        **os.environ, "JIEBANG_ENV": "production", "JIEBANG_VAR": str(folder), "BASE_URL": "https://contest.example",
        "SECRET_KEY": secret, "FIELD_KEY": secret[::-1], "MAIL_URL": "smtp://localhost:25", "PGOPTIONS": options,
    }  # fmt: skip
    command = [sys.executable, "-c", "import wsgi"]
    if "TEST_DATABASE_URL" in os.environ:
        environment["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, done.stderr


def test_production_starts_on_a_safe_database(tmp_path: Path) -> None:
    code, said = start_in_production(tmp_path, "")
    assert code == 0, said


@pytest.mark.skipif("TEST_DATABASE_URL" not in os.environ, reason="needs PostgreSQL; run by make test-services")
def test_production_does_not_start_with_synchronous_commit_off(tmp_path: Path) -> None:
    code, said = start_in_production(tmp_path, "-c synchronous_commit=off")
    assert code == 1
    assert "PostgreSQL runs with synchronous_commit = off. Switch it on." in said


def test_a_log_that_somebody_still_reads_is_not_called_empty(tmp_path: Path) -> None:
    """What was erased would go on standing in it."""
    engine = make_engine(f"sqlite:///{tmp_path / 'read.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE things (body TEXT)")
        connection.exec_driver_sql("INSERT INTO things VALUES ('secret')")
    event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA busy_timeout=50"))
    engine.dispose()
    with engine.connect() as reader:
        reader.exec_driver_sql("SELECT * FROM things").fetchall()
        with pytest.raises(TimeoutError):
            compact(engine)
    assert compact(engine)
    assert (tmp_path / "read.db-wal").stat().st_size == 0
    engine.dispose()
