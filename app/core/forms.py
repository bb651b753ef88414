"""The form base: plain values out, refused operations shown beside their field, strict fields for exact input."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateTimeLocalField,
    Field,
    IntegerField,
    PasswordField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import UnboundField
from wtforms.widgets import CheckboxInput, ListWidget

from . import clock
from .errors import DomainError
from .formwords import WORDS, Words
from .money import exact

MAX_TEXT = 20_000
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def tidy(text: object) -> object:
    """Normalised text without surrounding space; what is not text passes."""
    return unicodedata.normalize("NFC", text).strip().replace("\r\n", "\n") if isinstance(text, str) else text


def text_fault(text: str, limit: int = MAX_TEXT) -> str | None:
    """What is wrong with a text, in words: NUL, other control characters, direction overrides, or too long."""
    if any((c in _BIDI) or (unicodedata.category(c) == "Cc" and c not in "\n\t") for c in text):
        return _("This text contains characters that cannot be stored (control or direction characters).")
    if len(text) > limit:
        return _("At most %(limit)s characters; this has %(count)s.", limit=limit, count=len(text))
    return None


def check_text(form: FlaskForm, field: Field) -> None:
    """The validator of every text field."""
    fault = text_fault(field.data, getattr(field, "max_length", MAX_TEXT)) if isinstance(field.data, str) else None
    if fault:
        raise ValidationError(fault)


class Form(FlaskForm):
    """All our forms: texts (but not passwords) are tidied and checked, ``values()`` returns plain data, nothing touches the session."""

    form_errors: list[str]

    class Meta:
        def get_translations(self, form: Any) -> Words:
            return WORDS

        def bind_field(self, form: Any, unbound_field: UnboundField, options: dict[str, Any]) -> Field:
            if issubclass(unbound_field.field_class, StringField | TextAreaField) and not issubclass(
                unbound_field.field_class, PasswordField
            ):
                filters = [*unbound_field.kwargs.get("filters", []), tidy]
                options = {**options, "filters": filters}
                field = unbound_field.bind(form=form, **options)
                field.validators = [*field.validators, check_text]
                return field
            return unbound_field.bind(form=form, **options)

    def values(self) -> dict[str, Any]:
        """The fields' data by name, without the CSRF token and buttons."""
        return {f.name: f.data for f in self if f.type not in {"CSRFTokenField", "SubmitField"}}

    @contextmanager
    def showing_errors(self) -> Iterator[None]:
        """Put a refused operation's sentence beside its field, or on top of the form."""
        try:
            yield
        except DomainError as error:
            target = getattr(self, error.field, None) if error.field else None
            if isinstance(target, Field):
                target.errors = [*target.errors, str(error)]
            else:
                self.form_errors = [*self.form_errors, str(error)]


class ExactField(StringField):
    """A decimal typed in plain digits: no exponent, separator, sign of another script, NaN or float."""

    data: Any

    def __init__(self, label: object = None, validators: Any = (), *, places: int = 2, low: Decimal | None = None,
                 high: Decimal | None = None, **kwargs: Any) -> None:  # fmt: skip
        super().__init__(label, validators, **kwargs)
        self.places, self.low, self.high = places, low, high

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:f}"

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            return
        try:
            value = exact(text)
        except ValueError as error:
            raise ValueError(_("Please enter a number in plain digits, for example 87.5.")) from error
        self._check(value)
        self.data = value

    def _check(self, value: Decimal) -> None:
        if -value.as_tuple().exponent > self.places:  # type: ignore[operator]
            raise ValueError(_("At most %(places)s decimals.", places=self.places))
        if self.low is not None and value < self.low:
            raise ValueError(_("Not less than %(low)s.", low=self.low))
        if self.high is not None and value > self.high:
            raise ValueError(_("Not more than %(high)s.", high=self.high))


def offered(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """What a list of choices offers: pairs of the stored word and what people read."""
    return [SelectChoice(value, label) for value, label in pairs]


class AnswerField(RadioField):
    """One of a few, or none: a group left alone is no answer (None), not a wrong choice. Whether one is needed is asked elsewhere."""

    def __init__(self, label: object = None, **kwargs: Any) -> None:
        super().__init__(label, **{"coerce": lambda value: None if value in (None, "", "None") else str(value), **kwargs})

    def pre_validate(self, form: Any) -> None:
        if self.data is not None:
            super().pre_validate(form)


class ChecksField(SelectMultipleField):
    """Several of a list, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class WholeField(IntegerField):
    """A whole number of at most nine digits; longer ones would not even compare with their limits."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        if len(text) > 10:
            self.data = None
            raise ValueError(_("This number is too large."))
        super().process_formdata([text] if text else [])


class LocalTimeField(DateTimeLocalField):
    """A moment typed as wall-clock time of ``zone``; ``data`` is the aware UTC moment."""

    data: Any

    def __init__(
        self,
        label: object = None,
        validators: Any = (),
        *,
        zone: str = clock.DEFAULT_ZONE,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            label,
            validators,
            format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
            **kwargs,
        )
        self.zone = zone

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return clock.local(self.data, self.zone).strftime("%Y-%m-%dT%H:%M") if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        super().process_formdata(valuelist)
        if isinstance(self.data, datetime):
            if not 1900 <= self.data.year <= 2200:
                self.data = None
                raise ValueError(_("Please enter a year between 1900 and 2200."))
            self.data = clock.from_local(self.data, self.zone)


class ReasonForm(Form):
    """A step that needs nothing but a reason."""

    reason = TextAreaField(
        _l("Reason"),
        [],
        description=_l("It is kept in the journal and shown to the supervisor."),
    )

    def validate_reason(self, field: Field) -> None:
        if not field.data or len(field.data) < 4:
            raise ValidationError(_("Please give a reason of at least four characters."))
