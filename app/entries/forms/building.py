"""The field editor: one form whose parts depend on the kind of field."""

from __future__ import annotations

from typing import Any

import msgspec
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, ValidationError
from wtforms.validators import Optional as Maybe

from app.core.forms import Form, LocalTimeField, WholeField
from app.dynforms import editing
from app.dynforms import schema as definitions
from app.dynforms.enums import OPERATOR_LABELS, VISIBILITY_LABELS
from app.dynforms.schema import FieldKind, FormSchema, Text, Visibility

from .entering import at_most, in_zone

CONDITION_ROWS = 3
K = FieldKind
#: The parts of the editor that a kind has, besides those that all have.
PARTS: dict[FieldKind, tuple[str, ...]] = {
    K.TEXT: ("max_chars",),
    K.LONG_TEXT: ("max_words", "max_chars"),
    K.NUMBER: ("low", "high", "places", "unit"),
    K.MONEY: ("low", "high", "places"),
    K.DATE: (),
    K.CHOICE: ("options",),
    K.MULTI_CHOICE: ("options",),
    K.YES_NO: (),
    K.PERSON: (),
    K.ORGANIZATION: (),
    K.FILE: ("file_types", "max_mb", "max_files", "max_pages"),
    K.TABLE: ("columns", "min_rows", "max_rows"),
    K.DECLARATION: ("body_zh", "body_en"),
    K.HEADING: ("body_zh", "body_en"),
}
COMMON = ("label_zh", "label_en", "hint_zh", "hint_en", "section", "required", "visibility", "required_after", "frozen_after")
PLAIN = ("required", "required_after", "frozen_after", "max_chars", "max_words", "max_mb", "max_files", "max_pages", "min_rows", "max_rows",
         "places", "unit")  # fmt: skip


def _count(label: object, high: int) -> WholeField:
    return WholeField(label, [Maybe(), NumberRange(min=0, max=high)])


class FieldForm(Form):
    """Everything that can be said of a field; the page shows the parts of its kind."""

    label_zh = StringField(_l("Label (Chinese)"), [InputRequired(_l("The Chinese label is missing.")), at_most(200)])
    label_en = StringField(_l("Label (English)"), [at_most(200)])
    hint_zh = TextAreaField(_l("Hint (Chinese)"), [at_most(500)])
    hint_en = TextAreaField(_l("Hint (English)"), [at_most(500)])
    section = SelectField(_l("Section"), default="")
    required = BooleanField(_l("Required"))
    visibility = SelectField(_l("Who sees the answer"), choices=[SelectChoice(v.value, label) for v, label in VISIBILITY_LABELS.items()])
    required_after = LocalTimeField(_l("Required from this time on"))
    frozen_after = LocalTimeField(_l("Cannot be changed from this time on"))
    max_chars = _count(_l("At most so many characters"), 20_000)
    max_words = _count(_l("At most so many words (a Chinese character counts as one)"), 20_000)
    low = StringField(_l("Least value"), [at_most(20)])
    high = StringField(_l("Greatest value"), [at_most(20)])
    places = _count(_l("Decimals"), 6)
    unit = StringField(_l("Unit of measure"), [at_most(20)])
    options = TextAreaField(
        _l("Answers to choose from"), description=_l("One a line: key | 中文 | English. Key and English may be left out.")
    )
    file_types = StringField(_l("File types"), description=_l("Extensions, separated by commas: pdf, docx, pptx, jpg …"))
    max_mb = _count(_l("At most so many MB a file"), 200)
    max_files = _count(_l("At most so many files"), 20)
    max_pages = _count(_l("At most so many pages (PDF)"), 2000)
    columns = TextAreaField(
        _l("Columns"),
        description=_l(
            "One a line: key | 中文 | English | kind | required; the name alone is enough. Kinds: text, number, money, date, yes_no."
        ),
    )
    min_rows = _count(_l("At least so many rows"), 200)
    max_rows = _count(_l("At most so many rows"), 200)
    body_zh = TextAreaField(_l("Text (Chinese)"), [at_most(5000)])
    body_en = TextAreaField(_l("Text (English)"), [at_most(5000)])
    join = SelectField(
        _l("Show this field if"), choices=[SelectChoice("all", _l("all of these hold")), SelectChoice("any", _l("one of these holds"))]
    )

    @classmethod
    def editing(cls, field: definitions.Field, schema: FormSchema, locale: str, zone: str) -> FieldForm:
        """The form with the field's present values, or with what was posted."""
        form = cls(data=_values(field, locale))
        form.section.choices = [SelectChoice("", "—"), *(SelectChoice(s.key, s.title.say(locale)) for s in schema.sections)]
        in_zone(form.required_after, zone)
        in_zone(form.frozen_after, zone)
        place = [f.key for f in schema.fields].index(field.key)
        earlier = [f for f in schema.fields[:place] if f.kind not in {K.HEADING, K.FILE}]
        for part in form.condition_parts():
            part[0].choices = [SelectChoice("", "—"), *(SelectChoice(f.key, f.label.say(locale)) for f in earlier)]
        return form

    def condition_parts(self) -> list[tuple[Any, Any, Any]]:
        """Rows of field, comparison and value."""
        return [(self[f"field_{n}"], self[f"op_{n}"], self[f"value_{n}"]) for n in range(CONDITION_ROWS)]

    def shown(self, kind: FieldKind) -> list[Field]:
        names = [
            name
            for name in (*COMMON, *PARTS[kind])
            if kind != K.HEADING or name not in {"required", "visibility", "required_after", "frozen_after"}
        ]
        return [self[name] for name in names]

    def validate_columns(self, field: Field) -> None:
        unknown = editing.unknown_kinds(field.data or "")
        if unknown:
            raise ValidationError(_("No kind of column: %(words)s.", words=_(", ").join(unknown)))

    def field(self, old: definitions.Field, schema: FormSchema) -> definitions.Field:
        """The field as the form says."""
        given: dict[str, Any] = {name: self[name].data for name in PLAIN if name in (*COMMON, *PARTS[old.kind])}
        given = {
            name: value
            for name, value in given.items()
            if value is not None or name not in {"places", "max_mb", "max_files", "min_rows", "max_rows"}
        }
        made: dict[str, Any] = {
            "label": Text(self.label_zh.data or "", self.label_en.data or ""), "hint": Text(self.hint_zh.data or "",
                self.hint_en.data or ""),
            "section": self.section.data or "", "visibility": Visibility(self.visibility.data),
            "low": self.low.data or None, "high": self.high.data or None,
            "body": Text(self.body_zh.data or "", self.body_en.data or ""), "show_if": self._conditions(schema),
        }  # fmt: skip
        if "options" in PARTS[old.kind]:
            made["options"] = editing.read_options(self.options.data or "")
        if "columns" in PARTS[old.kind]:
            made["columns"] = editing.read_columns(self.columns.data or "")
        if "file_types" in PARTS[old.kind]:
            made["file_types"] = [
                t.strip().lower().lstrip(".") for t in (self.file_types.data or "").replace("，", ",").split(",") if t.strip()
            ]
        return msgspec.structs.replace(old, **given, **made)

    def _conditions(self, schema: FormSchema) -> definitions.ShowIf | None:
        rows = [(a.data or "", b.data or "", c.data or "") for a, b, c in self.condition_parts()]
        return editing.read_conditions(self.join.data or "all", rows, schema)


for _number in range(CONDITION_ROWS):
    setattr(FieldForm, f"field_{_number}", SelectField(_l("Field"), choices=[], default=""))
    setattr(
        FieldForm,
        f"op_{_number}",
        SelectField(
            _l("Comparison"), choices=[SelectChoice("", "—"), *(SelectChoice(k, v) for k, v in OPERATOR_LABELS.items())], default=""
        ),
    )
    setattr(FieldForm, f"value_{_number}", StringField(_l("Value to compare with"), [at_most(200)]))


def _values(field: definitions.Field, locale: str) -> dict[str, Any]:
    values = {name: getattr(field, name) for name in PLAIN}
    values |= {
        "label_zh": field.label.zh, "label_en": field.label.en, "hint_zh": field.hint.zh, "hint_en": field.hint.en,
        "section": field.section,
        "visibility": field.visibility.value, "low": field.low, "high": field.high, "options": editing.write_options(field.options),
        "columns": editing.write_columns(field.columns, locale), "file_types": ", ".join(field.file_types),
        "body_zh": field.body.zh, "body_en": field.body.en,
        "join": field.show_if.join if field.show_if else "all",
    }  # fmt: skip
    for number, condition in enumerate(field.show_if.conditions[:CONDITION_ROWS] if field.show_if else []):
        value = condition.value
        text = (
            ", ".join(value)
            if isinstance(value, list)
            else ("yes" if value else "no")
            if isinstance(value, bool)
            else ""
            if value is None
            else str(value)
        )
        values |= {f"field_{number}": condition.field, f"op_{number}": condition.op, f"value_{number}": text}
    return values


class FormNameForm(Form):
    """A new form."""

    name = StringField(_l("Name of the form"), [InputRequired(_l("Please fill in this field.")), at_most(120)])


class SectionForm(Form):
    """A section's title."""

    title_zh = StringField(_l("Title (Chinese)"), [InputRequired(_l("Please fill in this field.")), at_most(120)])
    title_en = StringField(_l("Title (English)"), [at_most(120)])


class PublishForm(Form):
    """Why the form changes."""

    reason = TextAreaField(
        _l("Reason for the change"), [at_most(1000)], description=_l("Needed once entries are being taken. It is kept in the journal.")
    )
