"""The demonstration's load, cut short by a real kill."""

from __future__ import annotations

import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.servers import BIN, ROOT, Installation

LOAD = ("flask", "--app", "wsgi", "prepare", "--demo")


def users(installation: Installation) -> int:
    with sqlite3.connect(installation.folder / "jiebang.db") as database:
        return int(database.execute("SELECT count(*) FROM users").fetchone()[0])


def kill_after(installation: Installation, words: str) -> None:
    """Start `make run`'s preparation and kill -9 it when it has said the words."""
    command = [str(BIN / LOAD[0]), *LOAD[1:]]
    environment = {**installation.environment, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as loading:
        assert loading.stdout is not None
        said = next((line for line in loading.stdout if words in line), "")
        loading.kill()
    assert words in said


@pytest.mark.slow
def test_a_first_start_killed_midway_leaves_nothing_and_the_next_one_loads_everything(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    kill_after(installation, "finished contest")
    assert users(installation) == 0
    assert "contest in preparation" in installation.run(*LOAD)
    assert users(installation) > 50
    assert "all whole" in installation.flask("audit", "verify")
    assert "finished contest" not in installation.run(*LOAD)  # and the one after that leaves it alone
