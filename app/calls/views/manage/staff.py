"""Who works on an edition, in which role."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.enums import Role
from app.accounts.gates import require_recent_sign_in
from app.accounts.operations.grants import end_role, grant_role
from app.accounts.policies import can_grant_role, grantable_roles
from app.calls.errors import UnknownPerson
from app.calls.forms.staff import StaffForm
from app.calls.queries.staff import edition_grant, edition_staff, user_with_email
from app.core.authz import authorize
from app.core.db import db
from app.core.errors import DomainError
from app.core.forms import offered
from app.core.uow import atomic
from app.core.web import actor, found, now, see_other, typed_text

from .loading import managed_edition, watched_edition


def routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/<code>/staff", "staff", staff, methods=["GET", "POST"])
    blueprint.add_url_rule("/<code>/staff/<int:grant_id>/end", "end_staff", end, methods=["POST"])


def staff(code: str) -> ResponseReturnValue:
    """Roles held in the edition and through its organizations; giving one."""
    edition = watched_edition(code)
    form = _form(edition)
    if form.is_submitted():
        edition = managed_edition(code)
    if form.validate_on_submit():
        role = Role(form.role.data)
        authorize(can_grant_role(actor(), role, edition_id=edition.id, host_id=edition.host_id))
        if challenge := require_recent_sign_in():
            return challenge
        with form.showing_errors(), atomic() as session:
            user = user_with_email(session, form.email.data or "")
            if user is None:
                raise UnknownPerson(field="email")
            grant_role(session, user=user, role=role, edition=edition, actor=actor(), now=now())
        if not form.errors:
            flash(_("The role is given. It counts from the next page on."), "success")
            return see_other("calls.manage.staff", code=code)
    return _page(code, form), 422 if form.errors else 200


def end(code: str, grant_id: int) -> ResponseReturnValue:
    """Take a role away."""
    edition = managed_edition(code)
    grant = found(edition_grant(db.session, edition, grant_id))
    authorize(can_grant_role(actor(), grant.role, edition_id=edition.id, host_id=edition.host_id))
    if challenge := require_recent_sign_in():
        return challenge
    form = _form(edition)
    try:
        with atomic() as session:
            end_role(session, grant=grant, reason=typed_text("reason", 1000), actor=actor(), now=now())
    except DomainError as error:
        return _page(code, form, str(error)), 422
    flash(_("The role has ended."), "success")
    return see_other("calls.manage.staff", code=code)


def _form(edition: Any) -> StaffForm:
    form = StaffForm()
    form.role.choices = offered(
        [(role.value, role.label) for role in grantable_roles(actor(), edition_id=edition.id, host_id=edition.host_id)]
    )
    return form


def _page(code: str, form: StaffForm, error: str = "") -> str:
    edition = watched_edition(code)
    return render_template("calls/manage/staff.html", edition=edition, form=form, people=edition_staff(db.session, edition), error=error)
