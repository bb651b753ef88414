"""Every stored state has a sign of its own in the badge macro: none falls back to the bare circle unnoticed."""

from __future__ import annotations

import importlib
import re
from enum import StrEnum
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SIGNED = re.compile(r'"(\w+)": \("')
NAMES = re.compile(r"State$|Phase$|Result$")


def states() -> set[tuple[str, str]]:
    found = set()
    for file in sorted((ROOT / "app").glob("*/enums.py")):
        module = importlib.import_module(f"app.{file.parent.name}.enums")
        for name, kind in vars(module).items():
            if isinstance(kind, type) and issubclass(kind, StrEnum) and kind.__module__ == module.__name__ and NAMES.search(name):
                found |= {(f"{file.parent.name}.{name}", member.value) for member in kind}
    return found


def test_every_state_has_its_sign() -> None:
    signed = set(SIGNED.findall((ROOT / "templates/macros/ui.html").read_text(encoding="utf-8")))
    assert sorted(pair for pair in states() if pair[1] not in signed) == []
