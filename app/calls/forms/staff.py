"""Giving a role in an edition."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import Email, InputRequired, Length

from app.core.forms import Form


class StaffForm(Form):
    """Whom, and which role."""

    email = StringField(
        _l("E-mail address"), [InputRequired(), Length(max=254), Email()],
        description=_l("Colleagues of the host and the organizer have the role at once; anybody else gets an invitation by mail."),
    )  # fmt: skip
    role = SelectField(_l("Role"), [InputRequired()])
