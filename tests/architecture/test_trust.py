"""`docs/TRUST.md`: each promise once, and every test that is named there exists."""

from __future__ import annotations

import ast
import re
from collections import Counter

from .source import ROOT

TEXT = (ROOT / "docs" / "TRUST.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([A-Z]+-\d\d) \| (.+?) \| (.+?) \|$", TEXT, re.M)
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")
MOST_WORDS = 12


def written_in(path: str) -> set[str]:
    file = ROOT / "tests" / path
    if not file.exists():
        return set()
    return {node.name for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)}


def test_every_promise_stands_once() -> None:
    assert [number for number, times in Counter(number for number, _what, _shown in ROWS).items() if times > 1] == []
    assert len(ROWS) == len(re.findall(r"^\| [A-Z]", TEXT, re.M)) > 100


def test_every_named_test_exists() -> None:
    missing = [
        f"{number}: {path}::{name}" for number, _what, shown in ROWS for path, name in NAMED.findall(shown) if name not in written_in(path)
    ]
    assert missing == [], "rename it in docs/TRUST.md too; a promise without a test is none"


def test_a_promise_is_short_and_names_a_test_or_says_why_not() -> None:
    assert [number for number, what, _shown in ROWS if len(what.split()) > MOST_WORDS] == []
    assert [number for number, _what, shown in ROWS if not NAMED.findall(shown) and shown != "—"] == []
    kept = [number for number, _what, shown in ROWS if NAMED.findall(shown)]
    assert len(kept) > 100
