"""Rooms stay small: files, functions, parameters, templates. Split by noun before it hurts."""

from __future__ import annotations

import ast

from .source import ROOT, functions, modules, name

FILE, FUNCTION, PARAMETERS, TEMPLATE = 400, 40, 14, 250


def lines(path: object) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())  # type: ignore[attr-defined]


def test_no_file_is_longer_than_400_lines() -> None:
    long = {name(path): lines(path) for path in (*modules(), *modules("tests")) if lines(path) > FILE}
    assert long == {}, "split these files by noun"


def test_no_function_is_longer_than_40_lines() -> None:
    long = {
        f"{name(path)}:{node.name}": size
        for path in modules()
        for node in functions(path)
        if (size := (node.end_lineno or 0) - node.lineno + 1 - _docstring(node)) > FUNCTION
    }
    assert long == {}, "name a part of these functions"


def test_functions_take_few_parameters() -> None:
    wide = {
        f"{name(path)}:{node.name}": count
        for path in modules("app")
        for node in functions(path)
        if (count := len(node.args.args) + len(node.args.kwonlyargs)) > PARAMETERS
    }
    assert wide == {}, "these functions want a value object"


def test_no_template_is_longer_than_250_lines() -> None:
    long = {name(path): lines(path) for path in sorted((ROOT / "templates").rglob("*.html")) if lines(path) > TEMPLATE}
    assert long == {}, "take a partial out of these templates"


def test_the_median_file_has_about_eighty_lines() -> None:
    sizes = sorted(lines(path) for path in modules())
    assert sizes[len(sizes) // 2] <= 120


def _docstring(node: ast.FunctionDef) -> int:

    first = node.body[0]
    is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    return (first.end_lineno or 0) - first.lineno + 1 if is_text else 0
