"""The form of the staff about a file for blind judges."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from app.core.forms import Form
from app.entries.enums import BlindChoice

from .entering import at_most


class BlindFileForm(Form):
    """What becomes of the file, and why."""

    choice = RadioField(
        _l("What becomes of this file"), [InputRequired(_l("Please choose what becomes of the file."))],
        choices=[SelectChoice(choice.value, choice.label) for choice in BlindChoice],
    )  # fmt: skip
    reason = TextAreaField(
        _l("Reason"), [InputRequired(_l("Please give a reason.")), at_most(1000)],
        description=_l("Kept in the journal. When you ask for a new file or withhold it, the team reads this."),
    )  # fmt: skip
