"""House rules that a reader of the source can check."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from .source import ROOT, calls_in, functions, modules, name, tree

CLOCK = {"app/core/clock.py"}
COMMITTERS = {"app/core/uow.py"}
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "common.py", "misc.py", "base_view.py", "managers.py"}


def test_only_the_clock_reads_the_clock() -> None:
    reading = re.compile(r"datetime\.now\(|date\.today\(|utcnow\(|time\.time\(")
    found = [name(path) for path in modules("app") if name(path) not in CLOCK and reading.search(path.read_text(encoding="utf-8"))]
    assert found == [], "take `now` as an argument; only app/core/clock.py reads the clock"


def test_only_the_unit_of_work_commits() -> None:
    found = [
        f"{name(path)}:{node.lineno}"
        for path in modules("app")
        if name(path) not in COMMITTERS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert found == [], "open `with atomic() as session:` in the view, job or command; nothing else commits"


def test_no_drawer_has_a_name_that_says_nothing() -> None:
    assert [name(path) for path in modules() if path.name in FORBIDDEN_NAMES] == []


def test_every_module_says_what_it_is() -> None:
    missing = [name(path) for path in modules() if path.stat().st_size and not ast.get_docstring(tree(path))]
    assert missing == []


def test_a_flush_says_why() -> None:
    silent = []
    for path in modules("app"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(r"\.flush\(\)", line) and "#" not in line:
                silent.append(f"{name(path)}:{number}")
    assert silent == [], "flush() needs a comment that says why"


def test_operations_do_not_know_flask_or_the_clock() -> None:
    bad = []
    for path in modules("app"):
        if "operations" not in path.parts and path.name != "operations.py":
            continue
        text = path.read_text(encoding="utf-8")
        if re.search(r"^(from|import) (flask\b(?!_babel)|flask_login)|app\.core\.clock import now|clock\.now\(", text, re.M):
            bad.append(name(path))
    assert bad == []


def test_operations_take_session_actor_and_now_by_name() -> None:
    """``verb_noun(session, *, thing, actor, now)``: every public operation that records takes both.

    Where a mailed link is the proof, nobody is signed in: such an operation names VISITOR or finds the person itself.
    """
    bad = []
    for path in modules("app"):
        if "operations" not in path.parts:
            continue
        for node in functions(path):
            wanted = {argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)}
            if not node.name.startswith("_") and "record" in calls_in(node) and not _knows_who_and_when(node, wanted):
                bad.append(f"{name(path)}:{node.name}")
    assert bad == []


def _knows_who_and_when(node: ast.FunctionDef, arguments: set[str]) -> bool:
    named = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return "now" in arguments and ("actor" in arguments or bool(named & {"VISITOR", "SYSTEM", "Actor", "secret"}))


def test_no_float_touches_marks_money_or_ranks() -> None:
    found = []
    for path in modules("app"):
        if path.parts[len(ROOT.parts) + 1] in {"judging", "results", "talent", "calls"} and "charts" not in path.name:
            found += [f"{name(path)}:{n.lineno}" for n in ast.walk(tree(path)) if _is_float_call(n)]
    assert found == [], "use Decimal or integers of minor units"


def _is_float_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"


def test_no_text_hides_in_an_f_string() -> None:
    """Texts are collected from calls; one inside an f-string is never seen and would stay English."""
    texts = {"_", "_l", "gettext", "ngettext", "lazy_gettext"}
    hidden = [f"{name(path)}:{node.lineno}" for path in modules() for node in ast.walk(tree(path))
              if isinstance(node, ast.JoinedStr) and calls_in(node) & texts]  # fmt: skip
    assert hidden == []


def test_there_is_no_third_party_code_in_the_tree() -> None:
    suffixes = {".ttf", ".otf", ".woff", ".woff2"}
    tracked = [path for path in (ROOT / "app" / "static").rglob("*") if path.is_file() and "vendor" not in path.parts]
    assert [name(path) for path in tracked if path.suffix in suffixes or ".min." in path.name] == []


def test_the_project_names_no_machine() -> None:
    """No absolute path of somebody's machine in source, templates or documents."""
    pattern = re.compile(r"(?<![A-Za-z0-9_.])/(work|root|farm|home)/[a-z]")
    roots = [ROOT / part for part in ("app", "scoring", "templates", "docs", "tests", "tools", "migrations")]
    texts: list[Path] = [p for root in roots for p in root.rglob("*") if p.suffix in {".py", ".html", ".md", ".txt", ".js", ".css"}]
    found = [name(p) for p in texts if "vendor" not in p.parts and p != Path(__file__) and pattern.search(p.read_text(encoding="utf-8"))]
    assert found == []
