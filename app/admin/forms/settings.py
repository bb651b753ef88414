"""The settings form, made from the registry, and the calendar's forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, Field, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.forms import Form, WholeField, offered
from app.settings.registry import REGISTRY, Definition

#: Years whose calendar can be kept.
FIRST_YEAR, LAST_YEAR = 2000, 2100


class CheckList(SelectMultipleField):
    """Several of a few options, each with its box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def settings_form(values: Mapping[str, Any]) -> Form:
    """One field a setting, filled with the values in force."""
    fields = {key: _field(definition) for key, definition in REGISTRY.items()}
    form = type("SettingsForm", (Form,), fields)
    shown = {key: "\n".join(value) if REGISTRY[key].kind == "lines" else value for key, value in values.items()}
    return form(data=shown)


def typed_values(form: Form) -> dict[str, Any]:
    """The form's data in the registry's types."""
    typed = form.values()
    for key, definition in REGISTRY.items():
        if definition.kind == "lines":
            typed[key] = list(dict.fromkeys(line.strip() for line in (typed[key] or "").splitlines() if line.strip()))
        elif definition.kind == "text":
            typed[key] = typed[key] or ""
    return typed


def _field(definition: Definition) -> Any:
    label, hint = definition.label, definition.hint
    if definition.kind == "bool":
        return BooleanField(label, description=hint)
    if definition.kind == "int":
        return WholeField(label, [InputRequired(), NumberRange(definition.low, definition.high)], description=hint)
    if definition.kind == "choices":
        return CheckList(label, choices=offered(definition.options), description=hint)
    if definition.kind == "lines":
        return TextAreaField(label, [Length(max=4000)], description=hint)
    return StringField(label, [Length(max=definition.high)], description=hint)


class DayForm(Form):
    """One day that differs from the plain week."""

    day = DateField(_l("Day"), [InputRequired(_l("Please choose a day."))])
    kind = SelectField(_l("Is"), choices=offered([("holiday", _l("a day off")), ("workday", _l("a make-up working day"))]))
    name = StringField(_l("Occasion"), [Length(max=80)])

    def validate_day(self, field: Field) -> None:
        if field.data is not None and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
            raise ValidationError(_("Please enter a year between %(first)s and %(last)s.", first=FIRST_YEAR, last=LAST_YEAR))
