"""What is wrong with a form's definition, as sentences, each with the field it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from app.core.money import exact

from .conditions import OPERATORS
from .schema import Column, Field, FieldKind, FormSchema, ShowIf

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
#: Kinds that may stand in a column.
COLUMN_KINDS = (FieldKind.TEXT, FieldKind.NUMBER, FieldKind.MONEY, FieldKind.DATE, FieldKind.CHOICE, FieldKind.YES_NO)
MAX_FIELDS = 200


@dataclass(frozen=True)
class SchemaFault:
    """One thing to mend before the form can be published. ``key`` is empty for the form as a whole."""

    key: str
    text: str


def schema_faults(schema: FormSchema, known_types: frozenset[str]) -> list[SchemaFault]:
    """Everything that keeps the form from being published."""
    found = list(_whole(schema))
    for place, field in enumerate(schema.fields):
        name = field.label.zh or field.key
        texts = dict.fromkeys(_field(field, schema, place, known_types))
        found += [SchemaFault(field.key, name + _(": ") + text) for text in texts]
    return found


def _whole(schema: FormSchema) -> Iterator[SchemaFault]:
    keys = [field.key for field in schema.fields]
    if not any(field.kind != FieldKind.HEADING for field in schema.fields):
        yield SchemaFault("", _("The form asks nothing yet."))
    if len(keys) > MAX_FIELDS:
        yield SchemaFault("", _("At most %(limit)s fields.", limit=MAX_FIELDS))
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield SchemaFault(key, _("Two fields have the key “%(key)s”.", key=key))


def _field(field: Field, schema: FormSchema, place: int, known_types: frozenset[str]) -> Iterator[str]:
    if not KEY.fullmatch(field.key):
        yield _("The key must begin with a letter and hold only small letters, digits and underscores.")
    if not field.label.zh.strip():
        yield _("The Chinese label is missing.")
    if field.section and field.section not in {section.key for section in schema.sections}:
        yield _("Its section does not exist.")
    if field.required_after and field.frozen_after and field.frozen_after < field.required_after:
        yield _("It would be frozen before it is required.")
    yield from _options(field)
    yield from _limits(field)
    yield from _files(field, known_types)
    yield from _columns(field)
    if field.kind == FieldKind.DECLARATION and not field.body.zh.strip():
        yield _("The text of the declaration is missing.")
    if field.show_if:
        yield from _conditions(field.show_if, schema, place)


def _options(field: Field | Column) -> Iterator[str]:
    if field.kind not in {FieldKind.CHOICE, FieldKind.MULTI_CHOICE}:
        return
    keys = [option.key for option in field.options]
    if len(keys) < 2:
        yield _("At least two answers are needed to choose from.")
    if len(set(keys)) != len(keys):
        yield _("Two answers have the same key.")


def _limits(field: Field) -> Iterator[str]:
    try:
        if field.low and field.high and exact(field.low) > exact(field.high):
            yield _("The least value is greater than the greatest.")
    except ValueError:
        yield _("Least and greatest value must be plain numbers.")
    for limit in (field.max_chars, field.max_words, field.max_pages):
        if limit is not None and limit < 1:
            yield _("A limit must be at least one.")


def _files(field: Field, known_types: frozenset[str]) -> Iterator[str]:
    if field.kind != FieldKind.FILE:
        return
    unknown = sorted({kind.lower().lstrip(".") for kind in field.file_types} - known_types)
    if unknown:
        yield _("Unknown file types: %(types)s.", types=", ".join(unknown))
    if not 1 <= field.max_mb <= 200 or not 1 <= field.max_files <= 20:
        yield _("Between 1 and 200 MB and between 1 and 20 files.")


def _columns(field: Field) -> Iterator[str]:
    if field.kind != FieldKind.TABLE:
        return
    if not field.columns:
        yield _("The table has no columns.")
    keys = [column.key for column in field.columns]
    if len(set(keys)) != len(keys) or not all(KEY.fullmatch(key) for key in keys):
        yield _("Each column needs a key of its own, of small letters, digits and underscores.")
    if any(column.kind not in COLUMN_KINDS for column in field.columns):
        yield _("This kind of answer does not fit into a table.")
    for column in field.columns:
        yield from _options(column)
    if not 0 <= field.min_rows <= field.max_rows <= 200:
        yield _("The least number of rows must not exceed the greatest, and that at most 200.")


def _conditions(rule: ShowIf, schema: FormSchema, place: int) -> Iterator[str]:
    earlier = {field.key: field for field in schema.fields[:place]}
    for condition in rule.conditions:
        other = earlier.get(condition.field)
        if other is None:
            yield _("A condition may only ask for a field that stands before this one: “%(key)s” does not.", key=condition.field)
        elif condition.op not in OPERATORS.get(other.kind, ()):
            yield _("This comparison does not fit the field “%(name)s”.", name=other.label.zh or other.key)
        elif condition.op not in {"empty", "filled"} and condition.value in (None, "", []):
            yield _("A condition lacks the value to compare with.")
        elif condition.op not in {"empty", "filled"} and not _comparable(other, condition.value):
            yield _("A condition compares “%(name)s” with a value that it can never have.", name=other.label.zh or other.key)


def _comparable(field: Field, value: object) -> bool:
    """Whether an answer of this kind could be compared with it: a number, a day, one of the answers to choose from."""
    try:
        if field.kind in {FieldKind.NUMBER, FieldKind.MONEY}:
            exact(str(value))
        elif field.kind == FieldKind.DATE:
            date.fromisoformat(str(value))
    except ValueError:
        return False
    if field.kind in {FieldKind.CHOICE, FieldKind.MULTI_CHOICE}:
        return {option.key for option in field.options}.issuperset(value if isinstance(value, list) else [value])
    return True
