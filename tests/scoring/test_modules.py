"""The package keeps to itself, lists its modules, and never rounds decisions by float."""

import ast
from pathlib import Path

import scoring

FOLDER = Path(scoring.__file__).parent
MODULES = sorted(path for path in FOLDER.glob("*.py") if path.stem != "__init__")
DECIDING = (
    "rounding",
    "marks",
    "reading",
    "totals",
    "pooling",
    "results",
    "combining",
    "ranking",
    "tiekeys",
    "quotas",
    "cutting",
    "selection",
)


def test_every_module_is_named_in_the_readme() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    hidden = {"arrays", "errors"}
    assert [p.stem for p in MODULES if p.stem not in hidden and f"`{p.stem}`" not in text] == []


def test_only_numpy_and_the_solvers_are_imported() -> None:
    allowed = {"scoring", "numpy", "highspy", "ortools"}
    standard = {
        "collections",
        "dataclasses",
        "decimal",
        "enum",
        "fractions",
        "functools",
        "hashlib",
        "itertools",
        "json",
        "math",
        "operator",
    }
    standard |= {"re", "statistics", "typing"}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert {n.split(".")[0] for n in names} <= allowed | standard, path.name


def test_deciding_modules_do_not_round_or_divide_floats() -> None:
    for stem in DECIDING:
        tree = ast.parse((FOLDER / f"{stem}.py").read_text(encoding="utf-8"))
        calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        assert calls.isdisjoint({"round", "np.round", "np.rint", "np.around"}), stem


def test_everything_exported_exists() -> None:
    assert [name for name in scoring.__all__ if not hasattr(scoring, name)] == []
