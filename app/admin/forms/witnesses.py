"""Naming a witness."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.core.forms import Form


class WitnessForm(Form):
    """Who gets the checkpoints, and where."""

    name = StringField(
        _l("Who"), [InputRequired(_l("Please say who this is.")), Length(max=120)], description=_l("Such as the discipline office.")
    )
    email = StringField(
        _l("E-mail address"), [InputRequired(_l("Please enter one e-mail address.")), Length(max=254)],
        description=_l("A mailbox that neither the host nor the organizer nor the operator can open."),
    )  # fmt: skip
