"""Who may do what with an edition. Every feature above asks these; phase and time are asked of operations and queries."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.accounts.enums import Role
from app.core.authz import ALLOW, Actor, Verdict, deny

from .enums import EditionState
from .models import Edition

VISIBLE = frozenset({EditionState.PUBLISHED, EditionState.CANCELLED, EditionState.ARCHIVED})


def holds_in(actor: Actor, role: Role, edition: Edition) -> bool:
    """Whether the role is held in the edition, or in the organization that hosts or organizes it (or above)."""
    return (
        actor.holds(role, edition_id=edition.id)
        or actor.holds(role, organization_id=edition.host_id)
        or (role != Role.HOST and actor.holds(role, organization_id=edition.organizer_id))
    )


def is_staff(actor: Actor, edition: Edition) -> bool:
    return holds_in(actor, Role.HOST, edition) or holds_in(actor, Role.ORGANIZER, edition)


def can_manage_edition(actor: Actor, edition: Edition) -> Verdict:
    """Configure, check entries, run the panels."""
    return ALLOW if is_staff(actor, edition) else deny(_l("Only the staff of this edition may do this."))


def can_approve_edition(actor: Actor, edition: Edition) -> Verdict:
    """Decide what needs the host: publication, rule changes, release."""
    return ALLOW if holds_in(actor, Role.HOST, edition) else deny(_l("Only the host of this edition may decide this."))


def can_supervise_edition(actor: Actor, edition: Edition) -> Verdict:
    """Watch the process; change nothing but the freeze."""
    return ALLOW if holds_in(actor, Role.SUPERVISOR, edition) else deny(_l("Only the supervisors of this edition may see this."))


def can_watch_edition(actor: Actor, edition: Edition) -> Verdict:
    """See the organizer's pages without changing anything: staff and supervisors."""
    if is_staff(actor, edition) or holds_in(actor, Role.SUPERVISOR, edition):
        return ALLOW
    return deny(_l("Only the staff and supervisors of this edition may see this."))


def can_create_edition(actor: Actor, organization_id: int) -> Verdict:
    if actor.holds(Role.HOST, organization_id=organization_id) or actor.holds(Role.ORGANIZER, organization_id=organization_id):
        return ALLOW
    return deny(_l("You may create editions only for organizations in which you are host or organizer."))


def can_view_edition(actor: Actor, edition: Edition) -> Verdict:
    """The public page: everybody once published; before that, staff and supervisors."""
    if edition.state in VISIBLE or can_watch_edition(actor, edition):
        return ALLOW
    return deny(_l("This edition is not published."))
