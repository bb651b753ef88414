"""From a form's definition to a WTForms class: one small function a kind of field, names prefixed ``x_``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms import Field as FormInput
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.forms import MAX_TEXT, AnswerField, ExactField, Form
from app.core.money import exact

from .checks import Fault, faults_of_field
from .schema import Column, Field, FieldKind, FormSchema
from .values import PREFIX, UNANSWERED, form_data, to_plain

RADIO_LIMIT = 7
EARLIEST, LATEST = 1900, 2200


class _Part(Form):
    """A form inside a field: the outer form carries the CSRF token."""

    class Meta(Form.Meta):
        csrf = False


class PersonPart(_Part):
    """A person named in an answer."""

    name = StringField(_l("Name of the person"))
    unit = StringField(_l("Unit"))
    position = StringField(_l("Position or title"))
    phone = StringField(_l("Phone"))
    email = StringField(_l("E-mail"))


class OrganizationPart(_Part):
    """An organization named in an answer."""

    name = StringField(_l("Full name"))
    uscc = StringField(_l("Unified social credit code"), description=_l("18 characters, as on the business licence."))


def _limit(length: int) -> Callable[[Form, FormInput], None]:
    def check(form: Form, field: FormInput) -> None:
        if isinstance(field.data, str) and len(field.data) > length:
            raise ValidationError(_("At most %(limit)s characters; this has %(count)s.", limit=length, count=len(field.data)))

    return check


class AnswerText(StringField):
    """A line of text."""

    max_length = MAX_TEXT


class AnswerDate(DateField):
    """A day within two centuries; years beyond are typing mistakes."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        super().process_formdata([valuelist[0].strip()])
        if self.data and not EARLIEST <= self.data.year <= LATEST:
            self.data = None
            raise ValueError(_("Please enter a year between 1900 and 2200."))


class CheckList(SelectMultipleField):
    """Several choices as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


Common = dict[str, Any]
Builder = Callable[[Any, Common, str], Any]


def _text(field: Field | Column, common: Common, locale: str) -> Any:
    return AnswerText(validators=[_limit(2000)], **common)


def _long_text(field: Field, common: Common, locale: str) -> Any:
    return TextAreaField(**common)


def _number(field: Field | Column, common: Common, locale: str, places: int | None = None) -> Any:
    wide = getattr(field, "places", 4) if places is None else places
    low, high = getattr(field, "low", None), getattr(field, "high", None)
    return ExactField(places=wide, low=exact(low) if low else None, high=exact(high) if high else None, **common)


def _date(field: Field | Column, common: Common, locale: str) -> Any:
    return AnswerDate(**common)


def _choice(field: Field | Column, common: Common, locale: str) -> Any:
    options = [SelectChoice(option.key, option.label.say(locale)) for option in field.options]
    if isinstance(field, Column) or len(options) > RADIO_LIMIT:
        return SelectField(choices=[SelectChoice("", "—"), *options], default="", validate_choice=True, **common)
    return AnswerField(choices=options, **common)


def _multi_choice(field: Field, common: Common, locale: str) -> Any:
    return CheckList(choices=[SelectChoice(option.key, option.label.say(locale)) for option in field.options], **common)


def _yes_no(field: Field | Column, common: Common, locale: str) -> Any:
    return AnswerField(choices=[SelectChoice("yes", _l("Yes")), SelectChoice("no", _l("No"))], **common)


def _person(field: Field, common: Common, locale: str) -> Any:
    return FormField(PersonPart, **common)


def _organization(field: Field, common: Common, locale: str) -> Any:
    return FormField(OrganizationPart, **common)


def _table(field: Field, common: Common, locale: str) -> Any:
    inputs = {
        PREFIX + column.key: FIELD_BUILDERS[column.kind](column, {"label": column.label.say(locale)}, locale) for column in field.columns
    }
    row = type("Row", (_Part,), inputs)
    return FieldList(FormField(row), min_entries=max(1, field.min_rows), max_entries=field.max_rows, **common)


def _declaration(field: Field, common: Common, locale: str) -> Any:
    return BooleanField(**{**common, "description": field.body.say(locale) or common.get("description", "")})


FIELD_BUILDERS: dict[FieldKind, Builder] = {
    FieldKind.TEXT: _text,
    FieldKind.LONG_TEXT: _long_text,
    FieldKind.NUMBER: _number,
    FieldKind.MONEY: partial(_number),
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
    FieldKind.MULTI_CHOICE: _multi_choice,
    FieldKind.YES_NO: _yes_no,
    FieldKind.PERSON: _person,
    FieldKind.ORGANIZATION: _organization,
    FieldKind.TABLE: _table,
    FieldKind.DECLARATION: _declaration,
}


class AnswersForm(Form):
    """Base of the generated classes. ``draft`` forms check only what can be stored; others demand what is required."""

    schema: FormSchema = FormSchema()
    keys: tuple[str, ...] = ()
    draft: bool = True
    locale: str = "zh_CN"
    moment: datetime

    @classmethod
    def filled(cls, answers: Mapping[str, Any]) -> AnswersForm:
        """The form with stored answers, or with what was posted."""
        return cls(data=form_data(cls.schema, answers))

    def input_of(self, key: str) -> FormInput | None:
        return self._fields.get(PREFIX + key)

    def answers(self) -> dict[str, Any]:
        """The answers as plain JSON by key; None for those left empty."""
        fields = {field.key: field for field in self.schema.fields}
        return {key: to_plain(fields[key], self._fields[PREFIX + key].data) for key in self.keys}

    def readable(self) -> dict[str, Any]:
        """The answers of the fields that have no fault: what decides meanwhile which questions are shown."""
        fields = {field.key: field for field in self.schema.fields}
        return {key: to_plain(fields[key], self._fields[PREFIX + key].data) for key in self.keys if not self._fields[PREFIX + key].errors}

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.draft:
            return True
        faults = self._faults()
        for fault in faults:
            target = self._fields[PREFIX + fault.key]
            target.errors = [*target.errors, fault.text]
        return not faults

    def _faults(self) -> list[Fault]:
        answers = self.answers()
        fields = [field for field in self.schema.fields if field.key in self.keys]
        return [f for field in fields for f in faults_of_field(field, answers, now=self.moment, locale=self.locale)]


def form_class(schema: FormSchema, *, draft: bool, now: datetime, locale: str, section: str | None = None,
               only: Collection[str] | None = None) -> type[AnswersForm]:  # fmt: skip
    """A form class for the schema's fields: all, those of a section, or ``only`` some; frozen fields are left out."""
    chosen = [
        field
        for field in schema.fields
        if field.kind not in UNANSWERED
        and (section is None or field.section == section)
        and (only is None or field.key in only)
        and not (field.frozen_after and field.frozen_after <= now)
    ]
    inputs = {PREFIX + field.key: _input(field, locale) for field in chosen}
    keys = tuple(field.key for field in chosen)
    body = {**inputs, "schema": schema, "keys": keys, "draft": draft, "locale": locale, "moment": now}
    return type("Answers", (AnswersForm,), body)


def _input(field: Field, locale: str) -> Any:
    common = {"label": field.label.say(locale), "description": field.hint.say(locale)}
    return FIELD_BUILDERS[field.kind](field, common, locale)
