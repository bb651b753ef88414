"""People: search, disable, end sessions, start a reset, remove a second factor. Nobody sets or sees a password here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.accounts.gates import require_recent_sign_in, require_sign_in
from app.accounts.models import User
from app.accounts.operations import second_factor, sessions
from app.accounts.operations import users as operations
from app.accounts.operations.proof import mark_of
from app.accounts.policies import can_manage_accounts
from app.accounts.queries import open_session, open_sessions
from app.admin.queries import users as queries
from app.core.authz import authorize
from app.core.db import db
from app.core.web import actor, address_with, asked_text, found, now, page_number, see_other, telling, typed_text

from .frame import console_sections

bp = Blueprint("users", __name__, url_prefix="/admin/users")
bp.before_request(require_sign_in)
STATES = ("disabled", "unconfirmed", "one_factor")


@bp.get("/")
def index() -> Any:
    """All accounts, by name."""
    authorize(can_manage_accounts(actor()))
    role, state = asked_text("role"), asked_text("state")
    search = asked_text("q")
    wanted = Role(role) if role in set(Role) else None
    rows, total = queries.users(db.session, search=search, role=wanted, state=state, page=page_number())
    return render_template(
        "admin/users.html", subnav=console_sections(), people=rows, total=total, page=page_number(), pages=-(-total // queries.PAGE) or 1,
        page_url=lambda number: address_with(page=number), search=search, role=role, state=state,
        roles=[(role, role.label) for role in Role],
        states=[("disabled", _("disabled")), ("unconfirmed", _("address not confirmed")), ("one_factor", _("without second factor"))],
    )  # fmt: skip


@bp.get("/<int:user_id>")
def show(user_id: int) -> Any:
    """One account: roles, memberships, sessions, failed sign-ins."""
    authorize(can_manage_accounts(actor()))
    user = found(queries.user(db.session, user_id))
    return render_template(
        "admin/user.html", subnav=console_sections(), user=user, grants=queries.grants_with_scope(db.session, user.id),
        memberships=queries.memberships(db.session, user.id), sessions=open_sessions(db.session, user.id, now()),
        failed=queries.failed_attempts(db.session, mark_of(user.email, "account"), now() - timedelta(hours=24)),
        is_me=user.id == actor().user_id,
    )  # fmt: skip


@bp.post("/<int:user_id>/disable")
def disable(user_id: int) -> Any:
    """Shut an account at once."""
    return _act(user_id, _("The account is disabled and signed out."), lambda session, user: operations.disable_user(
        session, user=user, reason=_reason(), actor=actor(), now=now()))  # fmt: skip


@bp.post("/<int:user_id>/enable")
def enable(user_id: int) -> Any:
    """Open an account again."""
    return _act(user_id, _("The account is open again."), lambda session, user: operations.enable_user(
        session, user=user, reason=_reason(), actor=actor(), now=now()))  # fmt: skip


@bp.post("/<int:user_id>/end-sessions")
def end_sessions(user_id: int) -> Any:
    """Sign a person out everywhere."""
    return _act(user_id, _("All sessions have been ended."), lambda session, user: sessions.end_sessions(
        session, user=user, keep=None, reason=_reason() or "by an administrator", actor=actor(), now=now()))  # fmt: skip


@bp.post("/<int:user_id>/sessions/<int:session_id>/end")
def end_session(user_id: int, session_id: int) -> Any:
    """Sign a person out of one browser."""
    return _act(user_id, _("The session has been ended."), lambda session, user: sessions.end_session(
        session, live=found(open_session(session, user.id, session_id)), actor=actor(), now=now()))  # fmt: skip


@bp.post("/<int:user_id>/reset")
def start_reset(user_id: int) -> Any:
    """Have a reset link sent to the person; the administrator never sees it."""
    return _act(user_id, _("A reset link is on its way to the person."), lambda session, user: operations.start_reset(
        session, user=user, actor=actor(), now=now()))  # fmt: skip


@bp.post("/<int:user_id>/release-brakes")
def release_brakes(user_id: int) -> Any:
    """Let the person try again at once."""
    return _act(user_id, _("The person can try again at once."), lambda session, user: operations.release_brakes(
        session, user=user, actor=actor(), now=now()))  # fmt: skip


@bp.post("/<int:user_id>/remove-factor")
def remove_factor(user_id: int) -> Any:
    """Remove the second factor of somebody who lost phone and recovery codes; they are told by mail."""
    return _act(user_id, _("The second factor has been removed."), lambda session, user: second_factor.disable_second_factor(
        session, user=user, reason=_reason(), actor=actor(), now=now()))  # fmt: skip


def _act(user_id: int, message: str, operation: Callable[[Session, User], object]) -> Any:
    """One operation on one account, after a fresh proof of identity; refusals are shown on the person's page."""
    authorize(can_manage_accounts(actor()))
    if challenge := require_recent_sign_in():
        return challenge
    found(queries.user(db.session, user_id))
    with telling(message) as session:
        operation(session, session.get_one(User, user_id))
    return see_other("admin.users.show", user_id=user_id)


def _reason() -> str:
    return typed_text("reason")
