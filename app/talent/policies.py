"""Who may do what in a talent programme: officers of the organization that runs it, and its host for the confirmation."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.accounts.enums import Role
from app.core.authz import ALLOW, Actor, Verdict, deny

from .models import Program, SelectionRecord

OFFICE = (Role.TALENT_OFFICER, Role.HOST)


def can_open_office(actor: Actor) -> Verdict:
    """The talent office's pages as such; what they list is the actor's own organizations'."""
    return ALLOW if actor.holds_anywhere(*OFFICE) else deny(_l("Only talent officers may open this."))


def can_create_program(actor: Actor, organization_id: int) -> Verdict:
    if any(actor.holds(role, organization_id=organization_id) for role in OFFICE):
        return ALLOW
    return deny(_l("You may set up programmes only for organizations in which you are talent officer or host."))


def can_manage_program(actor: Actor, program: Program) -> Verdict:
    """Tiers, fast tracks, checks, notices."""
    if any(actor.holds(role, organization_id=program.organization_id) for role in OFFICE):
        return ALLOW
    return deny(_l("Only the officers of this programme may do this."))


def can_confirm_record(actor: Actor, record: SelectionRecord, program: Program) -> Verdict:
    """A second person: never the one who finished the checks."""
    allowed = can_manage_program(actor, program)
    if allowed and record.proposed_by_id is not None and record.proposed_by_id == actor.user_id:
        return deny(_l("You finished the checks of this record; a colleague has to confirm it."))
    return allowed
