"""Who may do what with people, organizations and roles."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.authz import ALLOW, Actor, Verdict, deny

from .enums import Role
from .rules.duties import GIVES, fits_scope

_ADMINS_ONLY = _l("Only system administrators may do this.")


def can_use_site(actor: Actor) -> Verdict:
    """What everybody who is signed in may do with their own things."""
    return ALLOW if actor.is_authenticated else deny(_l("Please sign in."))


def can_manage_accounts(actor: Actor) -> Verdict:
    """Accounts, platform roles, the tree of organizations, settings."""
    return ALLOW if actor.holds(Role.SYSTEM_ADMIN) else deny(_ADMINS_ONLY)


def can_read_journal(actor: Actor) -> Verdict:
    """The journal of the platform: the security auditor, who changes nothing."""
    return ALLOW if actor.holds(Role.AUDITOR) else deny(_l("Only security auditors may read the journal."))


def can_open_console(actor: Actor) -> Verdict:
    """The console's first page: administrators and auditors; each sees their own part."""
    return ALLOW if actor.holds(Role.SYSTEM_ADMIN) or actor.holds(Role.AUDITOR) else deny(_ADMINS_ONLY)


def can_view_organization(actor: Actor, organization_id: int) -> Verdict:
    """Members, whoever holds a role there, and administrators."""
    if organization_id in actor.organization_ids or any(grant.organization_id == organization_id for grant in actor.grants):
        return ALLOW
    return can_manage_accounts(actor)


def can_manage_members(actor: Actor, organization_id: int) -> Verdict:
    """Invite and remove people: the hosts of the organization and administrators."""
    if actor.holds(Role.HOST, organization_id=organization_id) or can_manage_accounts(actor):
        return ALLOW
    return deny(_l("Only the hosts of this organization may change its members and roles."))


def can_grant_role(actor: Actor, role: Role, *, organization_id: int | None = None, edition_id: int | None = None,
                   host_id: int | None = None) -> Verdict:  # fmt: skip
    """Give or end a role in a scope: administrators any, hosts and organizers what their own role gives.

    ``host_id``: the organization that hosts the edition, whose hosts decide over the edition too.
    """
    if not fits_scope(role, in_organization=organization_id is not None, in_edition=edition_id is not None):
        return deny(_l("This role cannot be held there."))
    if actor.holds(Role.SYSTEM_ADMIN):
        return ALLOW
    for giver, given in GIVES.items():
        holds = (
            (organization_id is not None and actor.holds(giver, organization_id=organization_id))
            or (edition_id is not None and actor.holds(giver, edition_id=edition_id))
            or (host_id is not None and actor.holds(giver, organization_id=host_id))
        )
        if holds and role in given:
            return ALLOW
    return deny(_l("You cannot give a role that is not yours to give."))


def grantable_roles(actor: Actor, *, organization_id: int | None = None, edition_id: int | None = None,
                    host_id: int | None = None) -> list[Role]:  # fmt: skip
    """The roles this person may give there, for the choice in the form."""
    return [role for role in Role if can_grant_role(actor, role, organization_id=organization_id, edition_id=edition_id, host_id=host_id)]
