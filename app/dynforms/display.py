"""Answers for reading: every kind as shown values, filtered by who reads. The reader gets no hidden answer to leak."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from .conditions import shown_fields
from .schema import Column, Field, FieldKind, FormSchema, Visibility
from .values import is_empty

_V = Visibility
#: What each audience may read. ``blind`` is the judges' copy of a blind stage.
AUDIENCES: dict[str, frozenset[Visibility]] = {
    "public": frozenset({_V.PUBLIC}),
    "blind": frozenset({_V.PUBLIC, _V.BLIND_SAFE}),
    "judges": frozenset({_V.PUBLIC, _V.BLIND_SAFE, _V.JUDGES}),
    "staff": frozenset({_V.PUBLIC, _V.BLIND_SAFE, _V.JUDGES, _V.STAFF}),
    "team": frozenset(_V),
}


@dataclass(frozen=True)
class ShownTable:
    """A table answer: heads and rows of texts."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class ShownField:
    """One answer for reading. ``text`` for most kinds, ``parts`` for persons and organizations, ``table``, ``files``."""

    key: str
    kind: str
    label: str
    text: str = ""
    parts: tuple[tuple[str, str], ...] = ()
    table: ShownTable | None = None
    files: tuple[Any, ...] = ()
    body: str = ""
    masked: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.parts or self.table or self.files)


@dataclass(frozen=True)
class ShownSection:
    key: str
    title: str
    fields: tuple[ShownField, ...]


def display(schema: FormSchema, answers: Mapping[str, Any], *, audience: str, locale: str,
            files: Mapping[str, Iterable[Any]] | None = None, masked: bool = False) -> list[ShownSection]:  # fmt: skip
    """The sections with the answers that this audience may read. ``masked``: sensitive fields appear without content."""
    allowed = AUDIENCES[audience]
    fields = [f for f in shown_fields(schema, answers) if f.visibility in allowed or (masked and f.visibility == _V.SENSITIVE)]
    shown = {
        field.key: _masked(field, locale)
        if field.visibility not in allowed
        else show_field(field, answers.get(field.key), locale, tuple((files or {}).get(field.key, ())))
        for field in fields
    }
    named = {section.key for section in schema.sections}
    sections = [
        ShownSection(section.key, section.title.say(locale), tuple(shown[f.key] for f in fields if f.section == section.key))
        for section in schema.sections
    ]
    rest = tuple(shown[f.key] for f in fields if f.section not in named)
    return [section for section in [*sections, ShownSection("", "", rest)] if section.fields]


def _masked(field: Field, locale: str) -> ShownField:
    return ShownField(field.key, field.kind.value, field.label.say(locale), text="••••", masked=True)


def show_field(field: Field, value: Any, locale: str, files: tuple[Any, ...] = ()) -> ShownField:
    """One field with its answer in words."""
    label, kind = field.label.say(locale), field.kind
    base: dict[str, Any] = {"key": field.key, "kind": kind.value, "label": label}
    if kind == FieldKind.HEADING:
        return ShownField(**base, body=field.body.say(locale))
    if kind == FieldKind.FILE:
        return ShownField(**base, files=files)
    if is_empty(value):
        return ShownField(**base, body=field.body.say(locale) if kind == FieldKind.DECLARATION else "")
    if kind == FieldKind.TABLE:
        return ShownField(**base, table=_table(field, value, locale))
    if kind == FieldKind.PERSON:
        return ShownField(**base, parts=_parts(value, _person_labels()))
    if kind == FieldKind.ORGANIZATION:
        return ShownField(**base, parts=_parts(value, _organization_labels()))
    return ShownField(**base, text=say(field, value, locale), body=field.body.say(locale))


def say(field: Field | Column, value: Any, locale: str) -> str:
    """A simple answer as text."""
    kind = field.kind
    if is_empty(value):
        return ""
    if kind in {FieldKind.CHOICE, FieldKind.MULTI_CHOICE}:
        labels = {option.key: option.label.say(locale) for option in field.options}
        chosen = value if isinstance(value, list) else [value]
        return _("; ").join(labels.get(key, key) for key in chosen)
    if kind == FieldKind.YES_NO:
        return _("Yes") if value else _("No")
    if kind == FieldKind.DECLARATION:
        return _("Declared")
    if kind == FieldKind.MONEY:
        return _("%(amount)s × 10,000 CNY", amount=value)
    if kind == FieldKind.NUMBER and isinstance(field, Field) and field.unit:
        return f"{value} {field.unit}"
    if kind == FieldKind.PERSON or kind == FieldKind.ORGANIZATION:
        return str(value.get("name", "")) if isinstance(value, Mapping) else ""
    return str(value)


def _table(field: Field, rows: list[Mapping[str, Any]], locale: str) -> ShownTable:
    heads = tuple(column.label.say(locale) for column in field.columns)
    return ShownTable(heads, tuple(tuple(say(c, row.get(c.key), locale) for c in field.columns) for row in rows))


def _parts(value: Mapping[str, str], labels: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((label, value[name]) for name, label in labels.items() if value.get(name))


def _person_labels() -> dict[str, str]:
    return {
        "name": _("Name of the person"), "unit": _("Unit"), "position": _("Position or title"), "phone": _("Phone"), "email": _("E-mail"),
    }  # fmt: skip


def _organization_labels() -> dict[str, str]:
    return {"name": _("Full name"), "uscc": _("Unified social credit code")}
