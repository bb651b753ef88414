"""An office at work, a backup made meanwhile, and places to restore it to; on the engine and the store on which the suite runs."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers import BIN, ROOT, Installation
from tests.support import services
from tests.support.racing import fresh_database

KEY = secrets.token_hex(32)


def installation(folder: Path, purpose: str) -> Installation:
    """An installation that has nothing yet: its own database and store, and the suite's backup key."""
    folder.mkdir(parents=True)
    settings = {name: value for name, value in services.settings().items() if name != "REDIS_URL"}
    if "STORAGE_URL" in settings:
        settings["STORAGE_URL"] += f"/{secrets.token_hex(6)}"
    return Installation(folder, {**settings, "DATABASE_URL": fresh_database(folder, purpose), "BACKUP_KEY": KEY})


@dataclass
class Office:
    """Where teams hand in, the backup that was made while they did, and what outsiders hold of the time after it."""

    here: Installation
    folder: Path
    archive: Path
    said: str
    before: int
    after: int

    def elsewhere(self, folder: Path, purpose: str = "copy") -> Installation:
        """An empty place with the keys of this one."""
        there = installation(folder, purpose)
        shutil.copytree(self.here.folder / "secrets", there.folder / "secrets")
        return there


def ended(place: Installation, *arguments: str) -> tuple[int, str]:
    """How a command ended, and what it said."""
    command = [str(BIN / "flask"), "--app", "wsgi", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=place.environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def refused(place: Installation, *arguments: str) -> str:
    """What a command said that must not succeed."""
    code, said = ended(place, *arguments)
    assert code != 0, said
    return said


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    here = installation(folder / "var", "office")
    environment = {**os.environ, **here.environment, "JIEBANG_ENV": "test"}
    command = [sys.executable, "-m", "tests.backup.office", str(folder)]
    with (folder / "log").open("wb") as log:
        program = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
        assert program.stdout is not None
        try:
            assert program.stdout.readline() == "2\n", (folder / "log").read_text()
            before = latest(program, 1)
            said = here.flask("backup", "make", "--to", str(folder / "backups"))
            after = latest(program, 1)
            (folder / "stop").touch()
            program.communicate(timeout=60)
            assert program.returncode == 0, (folder / "log").read_text()
        finally:
            program.kill()
    (archive,) = (folder / "backups").iterdir()
    return Office(here, folder, archive, said, before, after)


def latest(program: subprocess.Popen[str], more: int) -> int:
    """The number of entries after ``more`` seconds: lines that waited in the pipe are read away."""
    assert program.stdout is not None
    until, count = time.monotonic() + more, 0
    while time.monotonic() < until:
        count = int(program.stdout.readline())
    return count
