"""Roles of the site as a whole: system administrators and security auditors, appointed by invitation."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash
from flask_babel import gettext as _

from app.accounts.enums import PLATFORM_ROLES, Role
from app.accounts.forms.organizations import InvitationForm
from app.accounts.gates import require_recent_sign_in, require_sign_in
from app.accounts.models import RoleGrant, Token
from app.accounts.operations import grants, invitations, tokens
from app.accounts.policies import can_manage_accounts
from app.accounts.queries import organizations as queries
from app.core.authz import authorize
from app.core.db import db
from app.core.uow import atomic
from app.core.web import actor, answer_form, found, now, see_other, telling, typed_text

from .frame import console_sections

bp = Blueprint("roles", __name__, url_prefix="/admin/roles")
bp.before_request(require_sign_in)


@bp.route("/", methods=["GET", "POST"])
def index() -> Any:
    """Who holds them, who is invited; POST invites."""
    authorize(can_manage_accounts(actor()))
    form = InvitationForm().offer(sorted(PLATFORM_ROLES))
    if form.is_submitted():
        if challenge := require_recent_sign_in():
            return challenge
        if form.validate():
            with form.showing_errors(), atomic() as session:
                invitations.invite_staff(
                    session, organization=None, role=Role(form.role.data), email=form.email.data, note=form.note.data or "",
                    actor=actor(), now=now(),
                )  # fmt: skip
                flash(_("The invitation is on its way to %(address)s.", address=form.email.data), "success")
                return see_other("admin.roles.index")
    return answer_form(
        "admin/roles.html", "content", form, subnav=console_sections(), grants=queries.platform_grants(db.session),
        invitations=queries.open_invitations(db.session, None, now()), role_labels={role: role.label for role in Role},
    )  # fmt: skip


@bp.post("/<int:grant_id>/end")
def end(grant_id: int) -> Any:
    """End a role of any scope; the last administrator stays."""
    authorize(can_manage_accounts(actor()))
    if challenge := require_recent_sign_in():
        return challenge
    grant = found(db.session.get(RoleGrant, grant_id))
    with telling(_("The role has ended.")) as session:
        grants.end_role(session, grant=grant, reason=typed_text("reason"), actor=actor(), now=now())
    return see_other("admin.roles.index")


@bp.post("/invitations/<int:token_id>/revoke")
def revoke(token_id: int) -> Any:
    """Make an invitation worthless."""
    authorize(can_manage_accounts(actor()))
    token = found(next((row for row in queries.open_invitations(db.session, None, now()) if row.id == token_id), None))
    with atomic() as session:
        tokens.revoke_token(session, token=session.get_one(Token, token.id, with_for_update=True), actor=actor(), now=now())
    flash(_("The invitation has been withdrawn."), "success")
    return see_other("admin.roles.index")
