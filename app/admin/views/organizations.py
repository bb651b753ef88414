"""The tree of organizations: add, describe, move. Their people are managed on their own pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template
from flask_babel import gettext as _

from app.accounts.enums import OrganizationKind
from app.accounts.forms.organizations import OrganizationForm
from app.accounts.gates import require_sign_in
from app.accounts.models import Organization
from app.accounts.operations import organizations as operations
from app.accounts.policies import can_manage_accounts
from app.accounts.queries import organizations as queries
from app.core.authz import authorize
from app.core.db import db
from app.core.uow import atomic
from app.core.web import actor, answer_form, asked_number, asked_text, found, now, see_other

from .frame import console_sections

bp = Blueprint("organizations", __name__, url_prefix="/admin/organizations")
bp.before_request(require_sign_in)


@bp.get("/")
def index() -> Any:
    """All organizations in their tree."""
    authorize(can_manage_accounts(actor()))
    search = asked_text("q")
    return render_template("admin/organizations.html", subnav=console_sections(), branches=queries.tree(db.session, search), search=search)


@bp.route("/new", methods=["GET", "POST"])
def new() -> Any:
    """Add an organization."""
    authorize(can_manage_accounts(actor()))
    form = OrganizationForm(parent_id=asked_number("below") or 0).offer(_all())
    if form.validate_on_submit():
        with form.showing_errors(), atomic() as session:
            made = operations.add_organization(session, **_values(form), actor=actor(), now=now())
            _tell(form)
            return see_other("accounts.organizations.show", organization_id=made.id)
    return answer_form("admin/organization_form.html", "content", form, subnav=console_sections(), organization=None)


@bp.route("/<int:organization_id>", methods=["GET", "POST"])
def edit(organization_id: int) -> Any:
    """Describe an organization anew, or move it with everything below it."""
    authorize(can_manage_accounts(actor()))
    organization = found(queries.organization(db.session, organization_id))
    form = OrganizationForm(obj=organization, data={"parent_id": organization.parent_id or 0}).offer(_all(), organization)
    if form.validate_on_submit():
        with form.showing_errors(), atomic() as session:
            organization = session.get_one(Organization, organization_id)
            operations.change_organization(session, organization=organization, **_values(form), actor=actor(), now=now())
            _tell(form)
            return see_other("accounts.organizations.show", organization_id=organization_id)
        organization = found(queries.organization(db.session, organization_id))
    return answer_form("admin/organization_form.html", "content", form, subnav=console_sections(), organization=organization)


def _all() -> list[Organization]:
    return [branch.organization for branch in queries.tree(db.session)]


def _values(form: OrganizationForm) -> dict[str, Any]:
    values = form.values()
    parent_id = values.pop("parent_id")
    parent = db.session.get(Organization, parent_id) if parent_id else None
    return {**values, "kind": OrganizationKind(values["kind"]), "parent": parent}


def _tell(form: OrganizationForm) -> None:
    if form.warns_of_code():
        flash(_("Saved. Mind that the check digit of the credit code does not fit; your note has been kept."), "warning")
    else:
        flash(_("Saved."), "success")
