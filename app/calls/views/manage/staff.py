"""Who works on an edition, in which role."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.enums import Role
from app.accounts.gates import require_recent_sign_in
from app.accounts.models import Token
from app.accounts.operations.grants import end_role, grant_role
from app.accounts.operations.invitations import Place, invite_staff
from app.accounts.operations.tokens import revoke_token
from app.accounts.policies import can_grant_role, grantable_roles
from app.accounts.queries.organizations import open_invitations
from app.calls.forms.staff import StaffForm
from app.calls.models import Edition
from app.calls.queries.staff import colleague_with_email, edition_grant, edition_staff
from app.core.authz import authorize
from app.core.db import db
from app.core.errors import DomainError
from app.core.forms import offered
from app.core.uow import atomic
from app.core.web import actor, found, now, see_other, typed_text

from .loading import managed_edition, watched_edition


def routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/<code>/staff", "staff", staff, methods=["GET", "POST"])
    blueprint.add_url_rule("/<code>/staff/invitations/<int:token_id>/revoke", "revoke_staff", revoke, methods=["POST"])
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
        with form.showing_errors():
            flash(_give(edition, role, form.email.data or ""), "success")
            return see_other("calls.manage.staff", code=code)
    return _page(code, form), 422 if form.errors else 200


def _give(edition: Edition, role: Role, email: str) -> str:
    """A colleague has the role at once; any other address is invited, whether or not it has an account."""
    with atomic() as session:
        colleague = colleague_with_email(session, edition, email)
        if colleague is not None:
            grant_role(session, user=colleague, role=role, edition=edition, actor=actor(), now=now())
            return _("The role is given. It counts from the next page on.")
        place = Place(edition.id, edition.host_id, edition.title)
        invite_staff(session, edition=place, role=role, email=email.strip().lower(), actor=actor(), now=now())
    return _("The invitation is on its way to %(address)s.", address=email)


def revoke(code: str, token_id: int) -> ResponseReturnValue:
    """Make an invitation worthless before it is accepted."""
    edition = managed_edition(code)
    token = found(next((token for token in open_invitations(db.session, None, now(), edition_id=edition.id) if token.id == token_id), None))
    authorize(can_grant_role(actor(), Role(token.payload["role"]), edition_id=edition.id, host_id=edition.host_id))
    with atomic() as session:
        revoke_token(session, token=session.get_one(Token, token.id, with_for_update=True), actor=actor(), now=now())
    flash(_("The invitation has been withdrawn."), "success")
    return see_other("calls.manage.staff", code=code)


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
    waiting = [(token, Role(token.payload["role"])) for token in open_invitations(db.session, None, now(), edition_id=edition.id)]
    return render_template(
        "calls/manage/staff.html", edition=edition, form=form, people=edition_staff(db.session, edition), waiting=waiting, error=error
    )
