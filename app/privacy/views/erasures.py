"""Requests for erasure in the console: the list, the preview, and the two steps by two persons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.gates import require_recent_sign_in, require_sign_in
from app.accounts.models import User
from app.accounts.policies import can_manage_accounts
from app.accounts.queries import user_by_email
from app.admin.views.frame import console_sections
from app.core.authz import authorize
from app.core.db import db
from app.core.web import actor, found, now, see_other, telling, typed_text
from app.privacy.enums import OPEN, ErasureState
from app.privacy.models import ErasureRequest
from app.privacy.operations import requests as operations
from app.privacy.queries import requests as queries
from app.privacy.queries.footprint import footprint_of
from app.privacy.queries.obstacles import obstacles

bp = Blueprint("erasures", __name__, url_prefix="/admin/erasures")
bp.before_request(require_sign_in)


@bp.get("/")
def index() -> Any:
    """All requests, open ones first."""
    authorize(can_manage_accounts(actor()))
    return render_template("privacy/erasures.html", subnav=console_sections(), requests=queries.requests(db.session), OPEN=OPEN)


@bp.post("/")
def ask() -> Any:
    """Enter the request of somebody who wrote a letter."""
    authorize(can_manage_accounts(actor()))
    user = user_by_email(db.session, typed_text("email", 254))
    if user is None:
        flash(_("There is no account with this address."), "error")
        return see_other("privacy.erasures.index")
    return _act(None, _("The request is entered."), lambda session: operations.request_erasure(
        session, user=session.get_one(User, user.id), reason=typed_text("reason"), actor=actor(), now=now()))  # fmt: skip


@bp.get("/<int:erasure_id>")
def show(erasure_id: int) -> Any:
    """The preview: what goes, what stays and why, and what is in the way."""
    authorize(can_manage_accounts(actor()))
    row = found(db.session.get(ErasureRequest, erasure_id))
    is_open = row.state in OPEN
    known = footprint_of(db.session, row.user) if is_open else None
    return render_template(
        "privacy/erasure.html", subnav=console_sections(), row=row, names=queries.names_of(db.session, row), is_open=is_open,
        lines=queries.preview(known) if known else [], obstacles=obstacles(db.session, row.user, known) if known else [],
        may_propose=is_open and actor().user_id != row.user_id,
        may_erase=row.state == ErasureState.PROPOSED and actor().user_id not in {row.prepared_by_id, row.user_id},
        is_stale=bool(known and row.digest and known.digest != row.digest),
    )  # fmt: skip


@bp.post("/<int:erasure_id>/propose")
def propose(erasure_id: int) -> Any:
    """The first person's step."""
    return _act(erasure_id, _("Prepared. Another administrator carries it out."), lambda session: operations.propose_erasure(
        session, request=session.get_one(ErasureRequest, erasure_id), actor=actor(), now=now()))  # fmt: skip


@bp.post("/<int:erasure_id>/erase")
def erase(erasure_id: int) -> Any:
    """The second person's step; it cannot be taken back."""
    return _act(erasure_id, _("The person's data are erased."), lambda session: operations.erase_person(
        session, request=session.get_one(ErasureRequest, erasure_id), actor=actor(), now=now()))  # fmt: skip


@bp.post("/<int:erasure_id>/refuse")
def refuse(erasure_id: int) -> Any:
    """Say no, with a reason."""
    return _act(erasure_id, _("The request is refused; the person can read why."), lambda session: operations.refuse_erasure(
        session, request=session.get_one(ErasureRequest, erasure_id), reason=typed_text("reason"), actor=actor(), now=now()))  # fmt: skip


def _act(erasure_id: int | None, message: str, operation: Callable[[Session], object]) -> Any:
    """One operation after a fresh proof of identity; refusals are shown on the page."""
    authorize(can_manage_accounts(actor()))
    if challenge := require_recent_sign_in():
        return challenge
    if erasure_id is not None:
        found(db.session.get(ErasureRequest, erasure_id))
    with telling(message) as session:
        operation(session)
    return see_other("privacy.erasures.show", erasure_id=erasure_id) if erasure_id else see_other("privacy.erasures.index")
