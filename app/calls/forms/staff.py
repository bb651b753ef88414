"""Giving a role in an edition."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from app.core.forms import Form


class StaffForm(Form):
    """Whom, and which role."""

    email = StringField(_l("E-mail address of the account"), [InputRequired(), Length(max=254)])
    role = SelectField(_l("Role"), [InputRequired()])
