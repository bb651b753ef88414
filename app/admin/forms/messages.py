"""The form for the words of a mail that waits."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.core.forms import ReasonForm


class MessageForm(ReasonForm):
    """Subject and letter; the fixed end of the mail is not part of it."""

    subject = StringField(_l("Subject"), [InputRequired(), Length(max=200)])
    letter = TextAreaField(_l("Text"), [InputRequired()])
