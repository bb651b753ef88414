"""Names of a form's inputs: a flat view of answers and of errors, as a script in the page knows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .schema import Column, Field, FieldKind
from .values import PREFIX


def flat_inputs(field: Field | Column, value: Any, name: str = "") -> dict[str, str]:
    """Input names and texts of one answer: ``x_contact-name``, ``x_team-0-x_role``."""
    name = name or PREFIX + field.key
    if isinstance(value, Mapping):
        return {f"{name}-{part}": str(text) for part, text in value.items()}
    if isinstance(field, Field) and field.kind == FieldKind.TABLE:
        found: dict[str, str] = {}
        for number, row in enumerate(value or ()):
            for column in field.columns:
                found |= flat_inputs(column, row.get(column.key), f"{name}-{number}-{PREFIX}{column.key}")
        return found
    if isinstance(value, bool):
        return {name: "yes" if value else "no"}
    if isinstance(value, list):
        return {name: ", ".join(value)}
    return {name: "" if value is None else str(value)}


def flat_errors(errors: Mapping[str, Any]) -> dict[str, list[str]]:
    """A form's errors by input name; those of parts under the part's name."""
    found: dict[str, list[str]] = {}
    for name, error in errors.items():
        found |= _flat(name or "form", error)
    return found


def _flat(name: str, error: Any) -> dict[str, list[str]]:
    if isinstance(error, Mapping):
        nested: dict[str, list[str]] = {}
        for part, inner in error.items():
            nested |= _flat(f"{name}-{part}" if part else name, inner)
        return nested
    found: dict[str, list[str]] = {}
    for number, inner in enumerate(error):
        if isinstance(inner, Mapping):
            found |= _flat(f"{name}-{number}", inner)
        elif inner:
            found.setdefault(name, []).append(str(inner))
    return found
