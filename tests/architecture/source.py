"""Reading the house's own source: modules, functions, views."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ("app", "scoring")


@cache
def modules(*roots: str) -> tuple[Path, ...]:
    """The Python files below the named folders, and the two files at the top."""
    found = [path for root in roots or PYTHON for path in sorted((ROOT / root).rglob("*.py"))]
    return tuple(found + ([ROOT / "config.py", ROOT / "wsgi.py"] if not roots else []))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            yield node


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def calls_in(node: ast.AST) -> set[str]:
    """The last names of everything called inside: ``authorize``, ``record`` …"""
    found = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Call):
            target = part.func
            found.add(target.attr if isinstance(target, ast.Attribute) else target.id if isinstance(target, ast.Name) else "")
    return found


def decorators(node: ast.FunctionDef) -> set[str]:
    found = set()
    for decorator in node.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        found.add(target.attr if isinstance(target, ast.Attribute) else target.id if isinstance(target, ast.Name) else "")
    return found
