"""A web process that begins to serve has not loaded what few of its pages need: each of these costs megabytes and milliseconds."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

from .source import ROOT

#: Imported where something of them is first used (``core.later``), never while the application is put together.
RARE = (
    "PIL", "alembic", "app.demo.loading", "app.demo.stories", "chinese_calendar", "email_validator", "fontTools", "highspy", "mako",
    "markdown_it", "nh3", "numpy", "obstore", "psycopg", "puremagic", "pygal", "pygments", "pyotp", "pypdf", "pypinyin", "redis",
    "scoring", "segno", "sqlite3", "stdnum", "tinycss2", "uharfbuzz", "weasyprint", "webauthn", "xlsxwriter",
)  # fmt: skip
LOADED = "import json, sys; from app.factory import create_app; create_app(); print(json.dumps(sorted(sys.modules)))"


def test_a_web_process_begins_without_rare_libraries(tmp_path: Path) -> None:
    left_out = ("DATABASE_URL", "REDIS_URL", "STORAGE_URL", "JIEBANG_ENV")
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    environment["JIEBANG_VAR"] = str(tmp_path)
    run = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )  # fmt: skip
    loaded = set(json.loads(run.stdout))
    assert "app.site.views" in loaded, "the application was put together"
    assert sorted(loaded.intersection(RARE)) == [], "import it with core.later, or inside the function that needs it"


def test_what_is_loaded_later_is_known_to_the_type_checker_and_the_contracts() -> None:
    unknown = []
    for path in sorted((ROOT / "app").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        wanted = {
            str(ast.literal_eval(call.args[0]))
            for call in ast.walk(tree)
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "later"
        }
        if wanted:
            known = _imported(tree, path)
            unknown += [f"{path.relative_to(ROOT)}: {name}" for name in sorted(wanted - known)]
    assert unknown == [], "import the same module under `if TYPE_CHECKING:` beside it"


def _imported(tree: ast.Module, path: Path) -> set[str]:
    """Full names of what the module imports for the type checker."""
    package = ".".join(path.relative_to(ROOT).parent.parts)
    found = set()
    blocks = (node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    for node in (statement for block in blocks for statement in block.body):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            origin = ".".join(filter(None, (package if node.level else "", node.module or "")))
            found |= {f"{origin}.{name.name}" for name in node.names}
    return found
