"""Forms of the talent office."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    Field,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.forms import ExactField, Form, ReasonForm, offered

from .enums import CheckKind, CheckResult, Skip
from .rules import ASKED, DEFAULT_CHECKS, ProgramCheck

DEGREES = [
    ("", _l("any")),
    ("bachelor", _l("Bachelor")),
    ("master", _l("Master")),
    ("doctor", _l("Doctor")),
]


class LineField(StringField):
    max_length = 120


class ShortField(StringField):
    max_length = 20


class LongField(TextAreaField):
    max_length = 2000


class BoxesField(SelectMultipleField):
    """Several choices as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class StepForm(Form):
    """A step without any field but the protection against forgery."""


class ProgramForm(Form):
    """A programme and the checks that every candidate undergoes."""

    organization_id = SelectField(_l("Office"), coerce=int, validators=[InputRequired()])
    code = ShortField(_l("Code"), validators=[InputRequired()])
    name = LineField(_l("Name (Chinese)"), validators=[InputRequired()])
    name_en = LineField(_l("Name (English)"))
    basis = LongField(_l("Legal basis"))
    notice_days = IntegerField(_l("Working days of public notice"), default=5, validators=[InputRequired(), NumberRange(1, 60)])
    kinds = BoxesField(_l("What is checked of every candidate"), choices=offered((kind.value, kind.label) for kind in CheckKind))
    age = ShortField(_l("Oldest age (years)"))
    degree = SelectField(_l("Least degree"), choices=offered(DEGREES))
    experience = ShortField(_l("Least experience (years)"))
    equity = ShortField(_l("Least share held (percent)"))
    paid_in = ShortField(_l("Least cash paid in (10,000 yuan)"))

    def validate_kinds(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("Choose at least one check."))

    def validate_age(self, field: Field) -> None:
        for name in ("age", "experience", "equity", "paid_in"):
            text = getattr(self, name).data or ""
            if text and not (text.isascii() and text.isdigit() and len(text) <= 6):
                raise ValidationError(_("Limits are whole numbers."))

    def checks(self) -> list[ProgramCheck]:
        """The chosen checks with their limits; waivers as offices know them."""
        usual = {check.kind: check for check in DEFAULT_CHECKS}
        found = []
        for kind in CheckKind:
            if kind.value in (self.kinds.data or []):
                value = (getattr(self, kind.value).data or "") if kind in ASKED and hasattr(self, kind.value) else ""
                base = usual.get(kind)
                found.append(
                    ProgramCheck(kind, value, unless=base.unless if base and value else "", other=base.other if base and value else "")
                )
        return found

    def fill(self, checks: list[ProgramCheck]) -> None:
        """Show stored checks."""
        self.kinds.data = [check.kind.value for check in checks]
        for check in checks:
            if check.value and hasattr(self, check.kind.value):
                getattr(self, check.kind.value).data = check.value


class TierForm(Form):
    code = ShortField(_l("Code"), validators=[InputRequired()])
    name = StringField(_l("Name (Chinese)"), validators=[InputRequired()])
    name_en = StringField(_l("Name (English)"))
    support_wan = ExactField(_l("Support (10,000 yuan)"), places=4, low=Decimal(0), high=Decimal(10_000_000), validators=[InputRequired()])

    def validate_name(self, field: Field) -> None:
        if len(field.data or "") > 80 or len(self.name_en.data or "") > 80:
            raise ValidationError(_("At most %(limit)s characters; this has %(count)s.", limit=80, count=len(field.data or "")))


class FastTrackForm(Form):
    """An award of an edition leads to a tier; ``award`` is ``edition id:award key``."""

    award = SelectField(_l("Award"), validators=[InputRequired()])
    tier_id = SelectField(_l("Tier"), coerce=int, validators=[InputRequired()])
    skips = BoxesField(_l("What the prize skips"), choices=offered((skip.value, skip.label) for skip in Skip),
                       description=_l("Eligibility, due diligence, public notice and landing always follow."))  # fmt: skip
    valid_months = IntegerField(_l("The right is valid for months"), default=24, validators=[InputRequired(), NumberRange(1, 60)])
    landing_months = IntegerField(_l("Landing within months"), default=12, validators=[InputRequired(), NumberRange(1, 60)])
    basis = LongField(_l("Legal basis"))

    def chosen(self) -> dict[str, Any]:
        edition, _sep, key = (self.award.data or "").partition(":")
        return {"edition_id": int(edition), "award_key": key}


class CheckForm(ReasonForm):
    """An officer's finding; ``waived`` lets the condition pass unmet."""

    result = RadioField(
        _l("Finding"),
        choices=[SelectChoice(r.value, r.label) for r in (CheckResult.PASS, CheckResult.FAIL, CheckResult.MORE, CheckResult.WAIVED)],
        validators=[InputRequired()],
    )


class SelectionNoticeForm(Form):
    title = StringField(_l("Title (Chinese)"), validators=[InputRequired()])
    title_en = StringField(_l("Title (English)"))
    body = LongField(_l("Text (Chinese)"))
    body_en = LongField(_l("Text (English)"))
    starts_on = DateField(_l("First day"), validators=[InputRequired()], description=_l("It counts as the first working day."))
    contact = StringField(_l("Objections go to"), validators=[InputRequired()])
    discipline_contact = StringField(_l("Discipline inspection"), validators=[InputRequired()])
    address = StringField(_l("Address for written objections"))

    def validate_title(self, field: Field) -> None:
        for name in ("title", "title_en", "contact", "discipline_contact", "address"):
            if len(getattr(self, name).data or "") > 200:
                raise ValidationError(
                    _("At most %(limit)s characters; this has %(count)s.", limit=200, count=len(getattr(self, name).data))
                )

    def validate_starts_on(self, field: Field) -> None:
        if field.data is not None and not 2000 <= field.data.year <= 2100:
            raise ValidationError(_("Please enter a year between 2000 and 2100."))
