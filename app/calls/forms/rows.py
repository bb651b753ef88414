"""Rows of repeating inputs: lines left empty are skipped, a button asks for one more."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, FieldList, FormField
from wtforms.validators import Length

from app.core.forms import Form
from app.dynforms.schema import Text

MOST_ROWS = 60
SHORT, LONG = Length(max=160), Length(max=2000)


class Row(Form):
    """One line; the form around it carries the CSRF field."""

    class Meta(Form.Meta):
        csrf = False

    remove = BooleanField()


def rows(kind: type[Row], label: object = None, **kwargs: Any) -> FieldList:
    return FieldList(FormField(kind), label, max_entries=MOST_ROWS, **kwargs)


def kept(field_list: FieldList, *needed: str) -> list[dict[str, Any]]:
    """The lines that stay: not marked for removal, with at least one of the needed values."""
    data = [entry.form.data for entry in field_list.entries]
    return [row for row in data if not row.get("remove") and any(row.get(name) not in (None, "") for name in needed)]


def filled(field_list: FieldList, lines: list[dict[str, Any]], blank: int = 1) -> None:
    """Show these lines and some empty ones (on GET, and when one more is asked for)."""
    while field_list.entries:
        field_list.pop_entry()
    for line in [*lines, *({} for _ in range(blank))][:MOST_ROWS]:
        field_list.append_entry(line)


def more(field_list: FieldList) -> None:
    """One more empty line under what was typed."""
    if len(field_list.entries) < MOST_ROWS:
        field_list.append_entry({})


def both(row: dict[str, Any], name: str) -> Text:
    """A text in two languages from the inputs ``<name>`` and ``<name>_en``."""
    return Text(row.get(name) or "", row.get(f"{name}_en") or "")
