"""The bytes on the disk after an erasure: database file, its log, the store, what the process said."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.servers import ROOT

from .canary import CANARIES, files_with_canaries


def story(folder: Path, *words: str) -> bytes:
    """What the program said."""
    env = {name: value for name, value in os.environ.items() if not name.endswith("_URL") and "S3_" not in name}
    command = [sys.executable, "-m", "tests.privacy.story_on_disk", str(folder), *words]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return done.stdout + done.stderr


def test_the_canary_is_in_the_files_while_it_lives(tmp_path: Path) -> None:
    story(tmp_path, "keep")
    kinds = {Path(path).relative_to(tmp_path / "var").parts[0] for path in files_with_canaries(tmp_path / "var")}
    assert "files" in kinds
    assert kinds & {"jiebang.db", "jiebang.db-wal"}


def test_after_the_erasure_no_byte_of_it_is_left(tmp_path: Path) -> None:
    said = story(tmp_path)
    assert (tmp_path / "var" / "jiebang.db").stat().st_size > 100_000
    assert files_with_canaries(tmp_path / "var") == []
    assert [canary for canary in CANARIES if canary.encode() in said] == []
