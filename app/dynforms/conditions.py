"""Which fields are shown: conditions over earlier answers, with "not known yet" as a third outcome."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.core.money import exact

from .schema import Condition, Field, FieldKind, FormSchema, ShowIf
from .values import is_empty

Answers = Mapping[str, Any]
#: The comparisons that make sense for a kind of field.
OPERATORS: dict[FieldKind, tuple[str, ...]] = {
    FieldKind.TEXT: ("eq", "ne", "empty", "filled"),
    FieldKind.LONG_TEXT: ("empty", "filled"),
    FieldKind.NUMBER: ("eq", "ne", "lt", "le", "gt", "ge", "empty", "filled"),
    FieldKind.MONEY: ("eq", "ne", "lt", "le", "gt", "ge", "empty", "filled"),
    FieldKind.DATE: ("eq", "ne", "lt", "le", "gt", "ge", "empty", "filled"),
    FieldKind.CHOICE: ("eq", "ne", "in", "not_in", "empty", "filled"),
    FieldKind.MULTI_CHOICE: ("in", "not_in", "empty", "filled"),
    FieldKind.YES_NO: ("eq", "ne", "empty", "filled"),
    FieldKind.PERSON: ("empty", "filled"),
    FieldKind.ORGANIZATION: ("empty", "filled"),
    FieldKind.TABLE: ("empty", "filled"),
    FieldKind.DECLARATION: ("eq", "filled", "empty"),
}


def visibility_of(schema: FormSchema, answers: Answers) -> dict[str, bool | None]:
    """For every field True (shown), False (hidden) or None (undetermined: an answer it depends on is missing).

    Fields are decided in their order; the answer of a field that is not shown counts as missing.
    """
    decided: dict[str, bool | None] = {}
    kinds = {field.key: field for field in schema.fields}
    for field in schema.fields:
        known = {key: value for key, value in answers.items() if decided.get(key)}
        decided[field.key] = True if field.show_if is None else holds(field.show_if, known, kinds)
    return decided


def shown_fields(schema: FormSchema, answers: Answers) -> list[Field]:
    """The fields that apply, in order; undetermined ones do not (yet)."""
    decided = visibility_of(schema, answers)
    return [field for field in schema.fields if decided[field.key]]


def holds(rule: ShowIf, answers: Answers, fields: Mapping[str, Field]) -> bool | None:
    """All or any of the conditions, in three-valued logic."""
    outcomes = [compare(condition, answers, fields) for condition in rule.conditions]
    if rule.join == "any":
        return True if True in outcomes else None if None in outcomes else not outcomes
    return False if False in outcomes else None if None in outcomes else True


def compare(condition: Condition, answers: Answers, fields: Mapping[str, Field]) -> bool | None:
    """One condition; None when the answer is missing and the question is not whether it is."""
    value = answers.get(condition.field)
    if condition.op == "empty":
        return is_empty(value)
    if condition.op == "filled":
        return not is_empty(value)
    field = fields.get(condition.field)
    if field is None or is_empty(value):
        return None
    if condition.op in {"in", "not_in"}:
        return _among(value, condition.value) == (condition.op == "in")
    return _ordered(field.kind, condition.op, value, condition.value)


def _among(value: Any, wanted: Any) -> bool:
    chosen = set(value) if isinstance(value, list) else {value}
    return bool(chosen & set(wanted if isinstance(wanted, list) else [wanted]))


def _ordered(kind: FieldKind, op: str, value: Any, other: Any) -> bool | None:
    if kind in {FieldKind.NUMBER, FieldKind.MONEY}:
        try:
            value, other = exact(str(value)), exact(str(other))
        except ValueError:
            return None
    elif not isinstance(value, bool):
        value, other = str(value), str(other)
    return _outcomes(value, other)[op]


def _outcomes(left: Decimal | str | bool, right: Any) -> dict[str, bool]:
    return {
        "eq": left == right, "ne": left != right, "lt": left < right,
        "le": left <= right, "gt": left > right, "ge": left >= right,
    }  # fmt: skip
