"""Answers as plain JSON and as form data: two directions for each kind, and fingerprints to see who changed what."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from app.core.money import exact

from .schema import Column, Field, FieldKind, FormSchema

PREFIX = "x_"
SPARE_ROWS = 2
NUMBERS = frozenset({FieldKind.NUMBER, FieldKind.MONEY})
#: Fields without an answer of their own: headings are text, files are rows of their own.
UNANSWERED = frozenset({FieldKind.HEADING, FieldKind.FILE})


def is_empty(value: Any) -> bool:
    """Whether nothing was answered. ``False`` is an answer, zero too."""
    if isinstance(value, dict):
        return all(is_empty(part) for part in value.values())
    return value is None or value in ("", [])


def to_plain(field: Field | Column, data: Any) -> Any:
    """What the form holds, as JSON; None when nothing was answered."""
    kind = field.kind
    if kind in NUMBERS:
        return f"{data:f}" if isinstance(data, Decimal) else None
    if kind == FieldKind.DATE:
        return data.isoformat() if isinstance(data, date) else None
    if kind == FieldKind.YES_NO:
        return {"yes": True, "no": False}.get(data)
    if kind == FieldKind.DECLARATION:
        return True if data else None
    if kind == FieldKind.MULTI_CHOICE:
        return sorted(data) or None if data else None
    if kind in {FieldKind.PERSON, FieldKind.ORGANIZATION}:
        parts = {name: text for name, text in (data or {}).items() if text}
        return parts or None
    if kind == FieldKind.TABLE and isinstance(field, Field):
        return _rows(field, data or []) or None
    return data or None


def _rows(field: Field, rows: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    plain = [{c.key: to_plain(c, row.get(PREFIX + c.key)) for c in field.columns} for row in rows]
    return [{k: v for k, v in row.items() if not is_empty(v)} for row in plain if not is_empty(row)]


def to_form(field: Field | Column, plain: Any) -> Any:
    """The stored answer as the form's field wants it; what no longer fits its kind is left out."""
    kind = field.kind
    try:
        if is_empty(plain) and not isinstance(plain, bool):
            return None
        if kind in NUMBERS:
            return exact(plain)
        if kind == FieldKind.DATE:
            return date.fromisoformat(plain)
        if kind == FieldKind.YES_NO:
            return "yes" if plain else "no"
        if kind == FieldKind.TABLE and isinstance(field, Field):
            return [{PREFIX + c.key: to_form(c, row.get(c.key)) for c in field.columns} for row in plain]
    except (ValueError, TypeError, AttributeError):
        return None
    return plain


def form_data(schema: FormSchema, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The ``data`` argument of a form made by ``form_class``."""
    return {PREFIX + f.key: _with_spare_rows(f, to_form(f, answers.get(f.key))) for f in schema.fields if f.kind not in UNANSWERED}


def _with_spare_rows(field: Field, data: Any) -> Any:
    """A table shows some empty rows below the filled ones, so that it grows without script."""
    if field.kind != FieldKind.TABLE:
        return data
    rows = list(data or [])
    return rows + [{} for _spare in range(min(SPARE_ROWS, max(0, field.max_rows - len(rows))))]


def fingerprint(value: Any) -> str:
    """Eight hex digits that differ when an answer differs."""
    if is_empty(value):
        return "0"
    return hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest()[:8]
