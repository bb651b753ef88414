"""Labels of field kinds, visibility classes and comparisons."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from .schema import FieldKind, Visibility

KIND_LABELS = {
    FieldKind.TEXT: _l("Line of text"),
    FieldKind.LONG_TEXT: _l("Long text"),
    FieldKind.NUMBER: _l("Numeric value"),
    FieldKind.MONEY: _l("Money (10,000 CNY)"),
    FieldKind.DATE: _l("Date"),
    FieldKind.CHOICE: _l("One choice"),
    FieldKind.MULTI_CHOICE: _l("Several choices"),
    FieldKind.YES_NO: _l("Yes or no"),
    FieldKind.PERSON: _l("Person"),
    FieldKind.ORGANIZATION: _l("Organization"),
    FieldKind.FILE: _l("File"),
    FieldKind.TABLE: _l("Table"),
    FieldKind.DECLARATION: _l("Declaration to accept"),
    FieldKind.HEADING: _l("Heading"),
}
VISIBILITY_LABELS = {
    Visibility.PUBLIC: _l("Public"),
    Visibility.BLIND_SAFE: _l("Judges, also in blind review"),
    Visibility.JUDGES: _l("Judges, but not in blind review"),
    Visibility.STAFF: _l("Staff only"),
    Visibility.SENSITIVE: _l("Sensitive: staff, masked"),
}
OPERATOR_LABELS = {
    "eq": _l("is"),
    "ne": _l("is not"),
    "in": _l("is one of"),
    "not_in": _l("is none of"),
    "lt": _l("is less than"),
    "le": _l("is at most"),
    "gt": _l("is more than"),
    "ge": _l("is at least"),
    "empty": _l("is empty"),
    "filled": _l("is filled in"),
}
