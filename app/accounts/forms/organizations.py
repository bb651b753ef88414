"""Organizations, members and invitations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from app.accounts.enums import OrganizationKind, Role
from app.accounts.models import Organization
from app.accounts.rules.identifiers import CreditCode, credit_code, tidy_number
from app.core.forms import Form, offered
from app.core.markup import named

from .access import Email


class OrganizationForm(Form):
    """One place in the tree."""

    name = StringField(_l("Name"), [DataRequired(_l("Please enter a name.")), Length(max=160)])
    name_en = StringField(_l("English name"), [Length(max=160)])
    kind = SelectField(_l("Kind"), choices=offered([(kind.value, kind.label) for kind in OrganizationKind]))
    parent_id = SelectField(_l("Belongs below"), coerce=int)
    uscc = StringField(_l("Unified social credit code"), [Length(max=30)], description=_l("18 characters, as on the licence."))
    uscc_note = StringField(
        _l("Note on the code"), [Length(max=200)],
        description=_l("Only when the check digit does not fit although the licence says so: where you saw it."),
    )  # fmt: skip
    area_code = StringField(_l("Division code"), [Length(max=6)], description=_l("Six digits of GB/T 2260, for example 320506."))

    def offer(self, parents: Sequence[Organization], own: Organization | None = None) -> OrganizationForm:
        """Fill the choice of parents; an organization cannot be below itself."""
        free = [parent for parent in parents if own is None or not parent.path.startswith(own.path)]
        self.parent_id.choices = offered([(0, _("– top of the tree –"))] + [(parent.id, indented(parent)) for parent in free])
        return self

    def validate_area_code(self, field: Field) -> None:
        if field.data and not (len(field.data) == 6 and field.data.isascii() and field.data.isdecimal()):
            raise ValidationError(_("A division code has six digits."))

    def validate_name(self, field: Field) -> None:
        if "\n" in (field.data or ""):
            raise ValidationError(_("A name is one line."))

    def warns_of_code(self) -> bool:
        """Whether the code was accepted although its check digit is odd."""
        return bool(self.uscc.data) and credit_code(tidy_number(self.uscc.data)) == CreditCode.ODD_CHECK


def indented(organization: Organization) -> str:
    """The name, pushed right by its depth in the tree."""
    return "　" * max(0, organization.path.count("/") - 2) + named(organization)


class InvitationForm(Form):
    """One person, one role."""

    email = Email(_l("E-mail address"))
    role = SelectField(_l("Role"))
    note = TextAreaField(_l("A word to go with it"), [Length(max=200)])

    def offer(self, roles: Iterable[Role]) -> InvitationForm:
        self.role.choices = offered([(role.value, role.label) for role in roles])
        return self


class GrantForm(Form):
    """A role for somebody who is a member already."""

    user_id = SelectField(_l("Person"), coerce=int)
    role = SelectField(_l("Role"))
