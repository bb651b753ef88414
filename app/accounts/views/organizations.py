"""An organization's own page: who belongs to it, who may do what, whom it has invited."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _

from app.accounts.enums import Role
from app.accounts.forms.organizations import InvitationForm
from app.accounts.gates import require_recent_sign_in, require_sign_in
from app.accounts.models import Membership, Organization, RoleGrant, Token, User
from app.accounts.operations import grants, invitations, organizations, tokens
from app.accounts.policies import can_grant_role, can_manage_members, can_use_site, can_view_organization, grantable_roles
from app.accounts.queries import organizations as queries
from app.core.authz import authorize
from app.core.db import db
from app.core.errors import NotFound
from app.core.uow import atomic
from app.core.web import actor, answer_form, found, now, see_other, telling, typed_text

bp = Blueprint("organizations", __name__, url_prefix="/my/organizations")
bp.before_request(require_sign_in)


@bp.get("/")
def index() -> Any:
    """The organizations one belongs to or holds a role in."""
    authorize(can_use_site(actor()))
    reach = actor().organization_ids | {grant.organization_id for grant in actor().grants if grant.organization_id}
    return render_template("accounts/organizations/index.html", organizations=queries.own_organizations(db.session, frozenset(reach)))


@bp.route("/<int:organization_id>", methods=["GET", "POST"])
def show(organization_id: int) -> Any:
    """Members, roles, invitations; POST invites somebody."""
    organization = _visible(organization_id)
    form = InvitationForm().offer(grantable_roles(actor(), organization_id=organization.id))
    if form.is_submitted():
        authorize(can_manage_members(actor(), organization.id))
        if challenge := require_recent_sign_in():
            return challenge
        if form.validate():
            with form.showing_errors(), atomic() as session:
                role = Role(form.role.data)
                authorize(can_grant_role(actor(), role, organization_id=organization.id))
                invitations.invite_staff(
                    session,
                    organization=organization,
                    role=role,
                    email=form.email.data,
                    note=form.note.data or "",
                    actor=actor(),
                    now=now(),
                )
                flash(_("The invitation is on its way to %(address)s.", address=form.email.data), "success")
                return see_other("accounts.organizations.show", organization_id=organization_id)
    return answer_form("accounts/organizations/show.html", "content", form, **_page(organization))


@bp.post("/<int:organization_id>/roles")
def give_role(organization_id: int) -> Any:
    """Give a member another role."""
    organization = _visible(organization_id)
    role = _known_role(request.form.get("role", ""))
    authorize(can_grant_role(actor(), role, organization_id=organization.id))
    if challenge := require_recent_sign_in():
        return challenge
    user_id = request.form.get("user_id", type=int) or 0  # compared with members only, never sent to the database
    member = found(next((m for m in queries.members(db.session, organization.id) if m.user.id == user_id), None))

    with telling(_("The role has been given.")) as session:
        user = session.get_one(User, member.user.id)
        grants.grant_role(session, user=user, role=role, organization=organization, actor=actor(), now=now())
    return see_other("accounts.organizations.show", organization_id=organization_id)


@bp.post("/<int:organization_id>/roles/<int:grant_id>/end")
def end_role(organization_id: int, grant_id: int) -> Any:
    """Take a role away; it counts from the next request on."""
    organization = _visible(organization_id)
    grant = found(db.session.get(RoleGrant, grant_id))
    if grant.organization_id != organization.id:
        raise NotFound
    authorize(can_grant_role(actor(), grant.role, organization_id=organization.id))
    if challenge := require_recent_sign_in():
        return challenge

    with telling(_("The role has ended.")) as session:
        grants.end_role(session, grant=grant, reason=_reason(), actor=actor(), now=now())
    return see_other("accounts.organizations.show", organization_id=organization_id)


@bp.post("/<int:organization_id>/members/<int:membership_id>/remove")
def remove_member(organization_id: int, membership_id: int) -> Any:
    """End a membership with all roles held here."""
    organization = _visible(organization_id)
    authorize(can_manage_members(actor(), organization.id))
    if challenge := require_recent_sign_in():
        return challenge
    membership = found(db.session.get(Membership, membership_id))
    if membership.organization_id != organization.id:
        raise NotFound

    with telling(_("The membership has ended.")) as session:
        organizations.remove_member(session, membership=membership, reason=_reason(), actor=actor(), now=now())
    return see_other("accounts.organizations.show", organization_id=organization_id)


@bp.post("/<int:organization_id>/invitations/<int:token_id>/revoke")
def revoke_invitation(organization_id: int, token_id: int) -> Any:
    """Make an invitation worthless before it is accepted."""
    organization = _visible(organization_id)
    authorize(can_manage_members(actor(), organization.id))
    waiting = queries.open_invitations(db.session, organization.id, now())
    token = found(next((token for token in waiting if token.id == token_id), None))
    with atomic() as session:
        tokens.revoke_token(session, token=session.get_one(Token, token.id, with_for_update=True), actor=actor(), now=now())
    flash(_("The invitation has been withdrawn."), "success")
    return see_other("accounts.organizations.show", organization_id=organization_id)


def _visible(organization_id: int) -> Organization:
    """The organization, or 404 for those who have nothing to do with it."""
    organization = found(queries.organization(db.session, organization_id))
    verdict = can_view_organization(actor(), organization.id)
    if not verdict:
        raise NotFound
    authorize(verdict)
    return organization


def _page(organization: Organization) -> dict[str, Any]:
    return {
        "organization": organization,
        "above": queries.ancestors(db.session, organization),
        "members": queries.members(db.session, organization.id),
        "invitations": queries.open_invitations(db.session, organization.id, now()),
        "may_manage": bool(can_manage_members(actor(), organization.id)),
        "role_labels": {role: role.label for role in Role},
        "givable": grantable_roles(actor(), organization_id=organization.id),
    }


def _reason() -> str:
    return typed_text("reason")


def _known_role(value: str) -> Role:
    if value not in set(Role):
        raise NotFound
    return Role(value)
