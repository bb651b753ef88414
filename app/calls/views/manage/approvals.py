"""Questions to the host: what would change, whom it affects, and the decision."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.gates import require_recent_sign_in
from app.calls.affected import in_words
from app.calls.operations.approvals import decide_change, withdraw_change
from app.calls.policies import can_approve_edition
from app.calls.queries.approvals import approval_in, approval_lines
from app.core.authz import Verdict, authorize, deny
from app.core.db import db
from app.core.errors import DomainError
from app.core.uow import atomic
from app.core.web import actor, found, now, see_other

from .loading import approved_edition, managed_edition, watched_edition
from .overview import reason


def routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/<code>/approvals", "approvals", approvals)
    blueprint.add_url_rule("/<code>/approvals/<int:approval_id>/decide", "decide", decide, methods=["POST"])
    blueprint.add_url_rule("/<code>/approvals/<int:approval_id>/withdraw", "withdraw_change", withdraw, methods=["POST"])


def approvals(code: str) -> ResponseReturnValue:
    """Waiting and decided."""
    watched_edition(code)
    return _page(code)


def decide(code: str, approval_id: int) -> ResponseReturnValue:
    """Approve or refuse."""
    edition = approved_edition(code)
    if challenge := require_recent_sign_in():
        return challenge
    approval = found(approval_in(db.session, edition, approval_id))
    approved = request.form.get("decision") == "approve"
    try:
        with atomic() as session:
            decide_change(session, approval=approval, approved=approved, remark=reason(), actor=actor(), now=now())
    except DomainError as error:
        return _page(code, str(error)), 422
    flash(_("The change is in force; the contest's page tells everybody.") if approved else _("The change is refused."), "success")
    return see_other("calls.manage.approvals", code=code)


def withdraw(code: str, approval_id: int) -> ResponseReturnValue:
    """Take one's own question back."""
    edition = managed_edition(code)
    approval = found(approval_in(db.session, edition, approval_id))
    authorize(Verdict(True) if approval.asked_by_id == actor().user_id else deny(_("Only whoever asked may take the question back.")))
    try:
        with atomic() as session:
            withdraw_change(session, approval=approval, actor=actor(), now=now())
    except DomainError as error:
        return _page(code, str(error)), 422
    return see_other("calls.manage.approvals", code=code)


def _page(code: str, error: str = "") -> str:
    edition = watched_edition(code)
    lines = approval_lines(db.session, edition)
    can_decide = bool(can_approve_edition(actor(), edition))
    return render_template(
        "calls/manage/approvals.html", edition=edition, lines=lines, error=error, can_decide=can_decide, in_words=in_words
    )
