"""What organizers send: panels, seats, draws."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional, ValidationError

from app.core.forms import ChecksField, Form, WholeField
from app.judging.enums import SeatCategory


class PanelForm(Form):
    """A panel."""

    name = StringField(_l("Name of the panel"), [InputRequired(), Length(max=80)])
    name_en = StringField(_l("Name in English"), [Length(max=80)])
    calls = ChecksField(_l("Divisions it judges"), coerce=int)
    judges_per_entry = WholeField(
        _l("Judges per entry"), [Optional(), NumberRange(0, 99)], default=0, description=_l("0: the whole panel scores every entry.")
    )
    brief = TextAreaField(
        _l("Brief for the judges"), [Length(max=4000)], description=_l("Place, time, fee, contact; shown in the invitation.")
    )


class SeatForm(Form):
    """A judge's seat."""

    name = StringField(_l("Judge's name"), [InputRequired(), Length(max=80)])
    email = StringField(_l("E-mail"), [InputRequired(), Email(), Length(max=254)])
    unit = StringField(_l("Organization"), [Length(max=160)], description=_l("Used to find conflicts of interest."))
    category = SelectField(
        _l("Category"), choices=[SelectChoice(c.value, c.label) for c in SeatCategory], default=SeatCategory.TECHNICAL.value
    )
    is_chair = BooleanField(_l("Chairs the panel"))
    load_limit = WholeField(_l("At most so many entries"), [Optional(), NumberRange(1, 9999)])
    tracks = ChecksField(_l("At home in"), coerce=int, description=_l("For assignments by field; none ticked: not known."))


class ProposeForm(Form):
    """How to draw."""

    judges_per_entry = WholeField(
        _l("Judges per entry"), [Optional(), NumberRange(0, 99)], description=_l("0: the whole panel scores every entry.")
    )
    seed = StringField(
        _l("Seed"),
        [Length(max=80)],
        description=_l("Any text, such as a lottery result; left empty, one is drawn. The same seed gives the same assignment."),
    )
    by_field = BooleanField(
        _l("By field"), description=_l("Judges at home in the entry's track first, the worst-served entry before all; without it by lot.")
    )
    each_category = BooleanField(_l("A judge of every category on each entry"))
    one_per_unit = BooleanField(_l("Never two judges of one organization on an entry"))
    ceiling = WholeField(
        _l("Chance of any pair at most (%)"),
        [Optional(), NumberRange(1, 100)],
        description=_l("Against arranged pairs, only by field: drawn among those who fit, no judge more certain of an entry than this."),
    )

    def validate_ceiling(self, field: WholeField) -> None:
        """A lot over pairs keeps loads and conflicts, but cannot also keep limits on who meets on an entry."""
        if field.data and not self.by_field.data:
            raise ValidationError(_("A ceiling on chances belongs to assignments by field."))
        if field.data and (self.each_category.data or self.one_per_unit.data):
            raise ValidationError(_("A ceiling on chances cannot be combined with categories or organizations on each entry."))
