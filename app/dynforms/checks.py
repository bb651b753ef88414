"""What is wrong with answers before they are handed in, as sentences, each with the field it belongs to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.core.later import later
from app.core.money import exact

from .conditions import shown_fields
from .schema import Column, Field, FieldKind, FormSchema
from .values import is_empty
from .words import count_words

if TYPE_CHECKING:
    import stdnum.cn.uscc as uscc_code
else:
    uscc_code = later("stdnum.cn.uscc")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
FEWEST_DIGITS = 7  # of a phone number


@dataclass(frozen=True)
class Fault:
    """One thing to mend. ``key`` and ``section`` say where; ``text`` is a whole sentence."""

    key: str
    section: str
    text: str


def faults(schema: FormSchema, answers: Mapping[str, Any], *, now: datetime, locale: str,
           files: Mapping[str, int] | None = None) -> list[Fault]:  # fmt: skip
    """Everything that stands between these answers and handing them in. ``files`` counts the files by field."""
    counts = files or {}
    found: list[Fault] = []
    for field in shown_fields(schema, answers):
        if field.kind == FieldKind.FILE:
            found += _file_faults(field, counts.get(field.key, 0), now)
        else:
            found += faults_of_field(field, answers, now=now, locale=locale)
    return found


def is_required(field: Field, now: datetime) -> bool:
    """Required at all times, or from a moment on."""
    return field.required or (field.required_after is not None and field.required_after <= now)


def faults_of_field(field: Field, answers: Mapping[str, Any], *, now: datetime, locale: str) -> list[Fault]:
    """The faults of one field's answer."""
    value = answers.get(field.key)
    if is_empty(value):
        return [Fault(field.key, field.section, _missing(field))] if is_required(field, now) else []
    check = _CHECKS.get(field.kind)
    return [Fault(field.key, field.section, text) for text in (check(field, value, locale) if check else [])]


def warnings(schema: FormSchema, answers: Mapping[str, Any]) -> list[Fault]:
    """What looks wrong but may be right: a credit code whose check digit fails (some early codes do)."""
    return [
        Fault(field.key, field.section, _odd_code())
        for field in shown_fields(schema, answers)
        if field.kind == FieldKind.ORGANIZATION and _odd_uscc((answers.get(field.key) or {}).get("uscc"))
    ]


def _odd_code() -> str:
    return _("The check digit of the unified social credit code does not fit. Please compare it with the licence; it is accepted as it is.")


def _odd_uscc(code: str | None) -> bool:
    return code is not None and code != "" and not uscc_code.is_valid(code)


def _missing(field: Field) -> str:
    if field.kind == FieldKind.DECLARATION:
        return _("Please read and accept this declaration.")
    if field.kind in {FieldKind.CHOICE, FieldKind.MULTI_CHOICE, FieldKind.YES_NO}:
        return _("Please choose an answer.")
    return _("Please fill in this field.")


def _file_faults(field: Field, count: int, now: datetime) -> list[Fault]:
    if count == 0 and is_required(field, now):
        return [Fault(field.key, field.section, _("Please upload the file."))]
    if count > field.max_files:
        text = _("At most %(limit)s files here; there are %(count)s.", limit=field.max_files, count=count)
        return [Fault(field.key, field.section, text)]
    return []


def _text(field: Field, value: Any, locale: str) -> list[str]:
    text, found = str(value), []
    if field.max_chars and len(text) > field.max_chars:
        found.append(_("At most %(limit)s characters; this has %(count)s.", limit=field.max_chars, count=len(text)))
    if field.max_words and count_words(text) > field.max_words:
        found.append(_("At most %(limit)s words; this has %(count)s.", limit=field.max_words, count=count_words(text)))
    return found


def _number(field: Field | Column, value: Any, locale: str) -> list[str]:
    try:
        number = exact(value)
    except ValueError:
        return [_("Please enter a number in plain digits, for example 87.5.")]
    low, high = getattr(field, "low", None), getattr(field, "high", None)
    if low and number < exact(low):
        return [_("Not less than %(low)s.", low=low)]
    if high and number > exact(high):
        return [_("Not more than %(high)s.", high=high)]
    return []


def _date(field: Field | Column, value: Any, locale: str) -> list[str]:
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return [_("Please enter a date, for example 2026-03-16.")]
    return []


def _choice(field: Field | Column, value: Any, locale: str) -> list[str]:
    allowed = {option.key for option in field.options}
    chosen = value if isinstance(value, list) else [value]
    return [] if set(chosen) <= allowed else [_("Please choose one of the offered answers.")]


def _person(field: Field, value: Any, locale: str) -> list[str]:
    found = [] if value.get("name") else [_("Please give the person's name.")]
    if value.get("email") and not _EMAIL.fullmatch(value["email"]):
        found.append(_("This is not an e-mail address: %(address)s.", address=value["email"]))
    if value.get("phone") and sum(c.isdigit() for c in value["phone"]) < FEWEST_DIGITS:
        found.append(_("This is not a phone number: %(number)s.", number=value["phone"]))
    return found


def _organization(field: Field, value: Any, locale: str) -> list[str]:
    return [] if value.get("name") else [_("Please give the organization's full name.")]


def _table(field: Field, rows: Any, locale: str) -> list[str]:
    if len(rows) < field.min_rows:
        return [_("At least %(limit)s rows; there are %(count)s.", limit=field.min_rows, count=len(rows))]
    if len(rows) > field.max_rows:
        return [_("At most %(limit)s rows; there are %(count)s.", limit=field.max_rows, count=len(rows))]
    return [text for number, row in enumerate(rows, 1) for text in _row(field, number, row, locale)]


def _row(field: Field, number: int, row: Mapping[str, Any], locale: str) -> list[str]:
    found = []
    for column in field.columns:
        value = row.get(column.key)
        check = _CHECKS.get(column.kind)
        texts = [_("is missing.")] if column.required and is_empty(value) else []
        if not is_empty(value) and check:
            texts += check(column, value, locale)
        name = column.label.say(locale)
        found += [_("Row %(row)s, %(column)s: %(text)s", row=number, column=name, text=text) for text in texts]
    return found


_CHECKS: dict[FieldKind, Callable[[Any, Any, str], list[str]]] = {
    FieldKind.TEXT: lambda field, value, locale: _text(field, value, locale) if isinstance(field, Field) else [],
    FieldKind.LONG_TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.MONEY: _number,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
    FieldKind.MULTI_CHOICE: _choice,
    FieldKind.PERSON: _person,
    FieldKind.ORGANIZATION: _organization,
    FieldKind.TABLE: _table,
}
