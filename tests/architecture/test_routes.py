"""Every page says for whom it is: it asks a policy, or is marked public. Addresses follow one grammar."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from .source import calls_in, decorators, functions, tree

AUDIENCES = ("my", "desk", "live", "manage", "talent", "supervise", "admin", "api")
TYPED = {"IntegerConverter", "UUIDConverter", "UnicodeConverter", "PathConverter"}


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)


def defined(view: Callable[..., Any]) -> tuple[Path, ast.FunctionDef]:
    inner = inspect.unwrap(view)
    path = Path(inspect.getsourcefile(inner) or "")
    return path, next(node for node in functions(path) if node.name == inner.__name__)


def deciding_functions(path: Path) -> set[str]:
    """Functions of this module (and of its package's modules) that ask for a verdict."""
    found: set[str] = set()
    for module in path.parent.glob("*.py"):
        found |= {node.name for node in functions(module) if "authorize" in calls_in(node)}
    again = True
    while again:
        more = {n.name for m in path.parent.glob("*.py") for n in functions(m) if calls_in(n) & found} - found
        found, again = found | more, bool(more)
    return found


def test_every_view_asks_a_policy_or_is_public(app: Flask) -> None:
    silent = []
    for endpoint, view in app.view_functions.items():
        if getattr(inspect.unwrap(view), "is_public", False) or getattr(view, "is_public", False):
            continue
        path, node = defined(view)
        if "authorize" in calls_in(node) or calls_in(node) & deciding_functions(path):
            continue
        silent.append(endpoint)
    assert silent == [], "call authorize(policy(actor(), …)) or mark the view @public"


def test_addresses_are_lower_case_kebab(app: Flask) -> None:
    bad = [r.rule for r in rules(app) if not re.fullmatch(r"(/(<[a-z]*:?[a-z_]+>|[a-z0-9]+(-[a-z0-9]+)*)(\.[a-z]+)?)*/?", r.rule)]
    assert bad == []


def test_views_are_functions_of_twenty_lines_or_so(app: Flask) -> None:
    long = {}
    for endpoint, view in app.view_functions.items():
        _, node = defined(view)
        size = (node.end_lineno or 0) - node.lineno + 1
        if size > 40:
            long[endpoint] = size
    assert long == {}


def test_signed_in_areas_refuse_strangers(client: Any, app: Flask) -> None:
    """Every GET page below a signed-in area sends a stranger to the sign-in page or says that there is nothing."""
    open_doors = []
    for rule in rules(app):
        area = rule.rule.strip("/").split("/")[0]
        if area not in AUDIENCES or "GET" not in (rule.methods or ()):
            continue
        address = re.sub(r"<int:[^>]+>", "1", rule.rule)
        address = re.sub(r"<[^>]+>", "nothing", address)
        response = client.get(address)
        view = app.view_functions[rule.endpoint]
        if response.status_code == 200 and not getattr(view, "is_public", False):
            open_doors.append(rule.rule)
    assert open_doors == []


def test_unsafe_methods_without_a_token_are_refused(app: Flask) -> None:
    exempt = [endpoint for endpoint, view in app.view_functions.items() if getattr(view, "csrf_exempt", False)]
    assert exempt == []


@pytest.mark.parametrize("decorator", ["public"])
def test_the_decorator_is_found_in_source(app: Flask, decorator: str) -> None:
    """Guards the other tests: at least one view is known to be public, so the reading of the source works."""
    path, node = defined(app.view_functions["healthz"])
    assert decorator in decorators(node)
    assert tree(path)
