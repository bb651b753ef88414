"""The two directions of imports, as contracts (pyproject.toml)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .source import ROOT


def test_all_import_contracts_are_kept() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([str(command), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout[-4000:]
