"""What judges send besides the sheet: recusal, sign-off."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, RadioField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.core.forms import Form
from app.judging.enums import RecusalReason


class RecuseForm(Form):
    """Why the judge steps aside."""

    reason_code = RadioField(_l("Reason"), choices=[SelectChoice(r.value, r.label) for r in RecusalReason], validators=[InputRequired()])
    reason = TextAreaField(_l("In your words"), [Length(max=400)])


class SignForm(Form):
    """Sign-off: which sheets, and proof that it is still the judge."""

    sheets = SelectMultipleField(_l("Score sheets"), [InputRequired(_l("Please choose at least one sheet."))])
    password = PasswordField(_l("Password"), [InputRequired(), Length(max=256)])
