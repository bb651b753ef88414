"""Conditions in words."""

from __future__ import annotations

from flask_babel import gettext as _

from .enums import OPERATOR_LABELS
from .schema import Condition, Field, FormSchema


def condition_sentence(field: Field, schema: FormSchema, locale: str) -> str:
    """``Shown if all of these hold: “Type” is “Company”; “Staff” is at least “5”.``"""
    if field.show_if is None or not field.show_if.conditions:
        return _("Always shown.")
    parts = _("; ").join(_part(condition, schema, locale) for condition in field.show_if.conditions)
    if len(field.show_if.conditions) == 1:
        return _("Shown if %(condition)s.", condition=parts)
    if field.show_if.join == "any":
        return _("Shown if one of these holds: %(conditions)s.", conditions=parts)
    return _("Shown if all of these hold: %(conditions)s.", conditions=parts)


def _part(condition: Condition, schema: FormSchema, locale: str) -> str:
    other = schema.field(condition.field)
    name = other.label.say(locale) if other else condition.field
    comparison = str(OPERATOR_LABELS.get(condition.op, condition.op))
    if condition.op in {"empty", "filled"}:
        return _("“%(field)s” %(comparison)s", field=name, comparison=comparison)
    return _("“%(field)s” %(comparison)s “%(value)s”", field=name, comparison=comparison, value=_value(condition, other, locale))


def _value(condition: Condition, field: Field | None, locale: str) -> str:
    if isinstance(condition.value, bool):
        return _("Yes") if condition.value else _("No")
    labels = {option.key: option.label.say(locale) for option in (field.options if field else [])}
    values = condition.value if isinstance(condition.value, list) else [condition.value]
    return _("; ").join(labels.get(str(value), str(value)) for value in values)
