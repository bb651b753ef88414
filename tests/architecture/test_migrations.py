"""Migrations: numbered, one head, up and down and up again, and models equal the schema. Run as an operator runs them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
import pytest
from sqlalchemy import CheckConstraint

from app.tables import metadata

from .source import ROOT

VERSIONS = sorted((ROOT / "migrations" / "versions").glob("*.py"))


@pytest.fixture
def var(tmp_path: Path) -> Path:
    return tmp_path


def flask(var: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "JIEBANG_ENV": "development", "JIEBANG_VAR": str(var)}
    env.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=120)


def test_migrations_are_numbered_in_one_line() -> None:
    numbers = [path.name[:4] for path in VERSIONS]
    assert numbers == [f"{n:04d}" for n in range(1, len(numbers) + 1)]
    for path, before in zip(VERSIONS, [None, *numbers], strict=False):
        assert re.search(rf"^down_revision = {before!r}".replace("'", '"'), path.read_text(encoding="utf-8"), re.M)


def test_the_head_file_names_the_last_migration() -> None:
    """Two branches that both add a migration conflict here, in version control, and not in production."""
    assert (ROOT / "migrations" / ".current-alembic-head").read_text(encoding="ascii").strip() == VERSIONS[-1].name[:4]


def test_migrations_import_nothing_of_the_application() -> None:
    assert [p.name for p in VERSIONS if re.search(r"^(from|import) (app|config)\b", p.read_text(encoding="utf-8"), re.M)] == []


def test_a_database_goes_up_down_and_up_and_then_equals_the_models(var: Path) -> None:
    for words in (("db", "upgrade"), ("db", "downgrade", "base"), ("db", "upgrade"), ("db", "check")):
        result = flask(var, *words)
        assert result.returncode == 0, result.stderr[-3000:]


def test_a_migrated_database_guards_its_rows_by_itself(var: Path) -> None:
    assert flask(var, "db", "upgrade").returncode == 0
    with sqlite.connect(var / "jiebang.db") as connection:
        triggers = {row[0] for row in connection.execute("select name from sqlite_master where type = 'trigger'")}
        tables = dict(connection.execute("select name, sql from sqlite_master where type = 'table'").fetchall())
    kept = {f"{table}_no_{act}" for table in ("journal_events", "readings", "sheet_saves") for act in ("delete", "update")}
    assert triggers == {*kept, "entries_within_quota"}  # a table that SQLite rebuilds loses its triggers: the migration makes them again
    checks = [
        (table, str(rule.name)) for table in metadata.tables.values() for rule in table.constraints if isinstance(rule, CheckConstraint)
    ]
    assert len(checks) > 50
    assert [name for table, name in checks if name not in tables[table.name]] == []  # a rebuilt table may lose them without a word


KEPT = ("users", "editions", "stages", "calls", "entries", "entry_members", "panels", "seats", "assignments", "score_sheets", "marks")


def counted(var: Path) -> dict[str, int]:
    with sqlite.connect(var / "jiebang.db") as connection:
        return {table: connection.execute(f"select count(*) from {table}").fetchone()[0] for table in KEPT}


def test_a_database_full_of_rows_keeps_them_all_the_way_down_and_up(var: Path) -> None:
    """SQLite rebuilds a table by dropping the old one: with foreign keys on, that fails or takes the children along."""
    assert flask(var, "db", "upgrade").returncode == 0
    fill = [sys.executable, "-m", "tests.load.edition", "3", "10"]
    env = {**os.environ, "JIEBANG_ENV": "development", "JIEBANG_VAR": str(var)}
    subprocess.run(fill, cwd=ROOT, env={k: v for k, v in env.items() if k != "DATABASE_URL"}, check=True, timeout=120)
    before = counted(var)
    for words in (("db", "downgrade", "0001"), ("db", "upgrade")):
        result = flask(var, *words)
        assert result.returncode == 0, result.stderr[-3000:]
    assert min(before.values()) > 0
    assert counted(var) == before
