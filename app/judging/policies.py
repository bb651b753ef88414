"""Who may judge, see sheets and run panels. *Whether now* is asked of the operations."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.calls.enums import SETTLED
from app.calls.models import Edition, Stage
from app.calls.policies import can_approve_edition, can_manage_edition, can_supervise_edition, can_watch_edition
from app.core.authz import ALLOW, Actor, Verdict, deny
from app.judging.enums import AssignmentState, SeatState
from app.judging.models import Assignment, Seat


def can_sit(actor: Actor, seat: Seat) -> Verdict:
    """The seat is the actor's own, accepted, and its statement signed: only then anything of the entries opens."""
    if actor.user_id is None or seat.user_id != actor.user_id:
        return deny(_l("This seat belongs to another judge."))
    if seat.state != SeatState.ACCEPTED or seat.statement_at is None:
        return deny(_l("Please accept the invitation and sign the statement first."))
    return ALLOW


def can_score(actor: Actor, assignment: Assignment, seat: Seat) -> Verdict:
    """Mine, still assigned, not recused."""
    mine = can_sit(actor, seat)
    if not mine:
        return mine
    if assignment.state != AssignmentState.ACTIVE:
        return deny(_l("This entry is no longer assigned to you."))
    return ALLOW


def can_run_panels(actor: Actor, edition: Edition) -> Verdict:
    """Set up panels, invite judges, assign entries."""
    return can_manage_edition(actor, edition)


def can_watch_judging(actor: Actor, edition: Edition) -> Verdict:
    """See how far the judges are, without scores."""
    return can_watch_edition(actor, edition)


def can_see_scores(actor: Actor, edition: Edition, stage: Stage, organizer_sees: str) -> Verdict:
    """Staff see scores once the stage is sealed, or while it runs where the published rules say so; supervisors only then."""
    sealed = stage.state in SETTLED
    if can_manage_edition(actor, edition):
        if sealed or organizer_sees == "signed":
            return ALLOW
        return deny(_l("Scores are shown once the stage is sealed."))
    if can_supervise_edition(actor, edition):
        return ALLOW if sealed else deny(_l("Scores are shown once the stage is sealed."))
    return deny(_l("Only the staff and supervisors of this edition may see this."))


def can_ask_reopening(actor: Actor, edition: Edition, seat: Seat) -> Verdict:
    """The judge of the sheet, or the staff."""
    if actor.user_id is not None and seat.user_id == actor.user_id and seat.state == SeatState.ACCEPTED:
        return ALLOW
    return can_manage_edition(actor, edition)


def can_decide_reopening(actor: Actor, edition: Edition, seat: Seat, chair_user_id: int | None, asked_by_id: int) -> Verdict:
    """The host or the panel's chair; never the person who asked, never the judge of the sheet."""
    if actor.user_id is None or actor.user_id in (asked_by_id, seat.user_id):
        return deny(_l("A second person has to decide this."))
    if actor.user_id == chair_user_id:
        return ALLOW
    return can_approve_edition(actor, edition)
