"""Who may compute, propose, release and read results. *Whether now* is asked of the operations and queries."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.calls.models import Edition
from app.calls.policies import can_approve_edition, can_manage_edition, can_watch_edition
from app.core.authz import ALLOW, Actor, Verdict, deny

from .models import ResultRun


def can_read_results(actor: Actor, edition: Edition) -> Verdict:
    """Runs exist only of sealed stages, so staff and supervisors may read them all."""
    return can_watch_edition(actor, edition)


def can_compute_result(actor: Actor, edition: Edition) -> Verdict:
    return can_manage_edition(actor, edition)


def can_release_result(actor: Actor, edition: Edition, run: ResultRun) -> Verdict:
    """The host, never the person who proposed."""
    allowed = can_approve_edition(actor, edition)
    if allowed and run.proposed_by_id == actor.user_id:
        return deny(_l("You proposed this result; a colleague has to release it."))
    return allowed


def can_issue_certificates(actor: Actor, edition: Edition) -> Verdict:
    return can_manage_edition(actor, edition)


def can_publish_notice(actor: Actor, edition: Edition) -> Verdict:
    """Notices go out in the name of the host."""
    return can_approve_edition(actor, edition)


def can_download_certificate(actor: Actor) -> Verdict:
    """Anybody signed in may ask; the query finds only certificates of the actor's own entries."""
    return ALLOW if actor.is_authenticated else deny(_l("Please sign in first."))
