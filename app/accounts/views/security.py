"""One's password, address and signed-in browsers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template
from flask_babel import gettext as _

from app.accounts.forms.own import ChangeEmailForm, ChangePasswordForm
from app.accounts.gates import require_recent_sign_in, require_sign_in
from app.accounts.models import User
from app.accounts.operations import passwords, sessions, users
from app.accounts.policies import can_use_site
from app.accounts.queries import open_session, open_sessions, recovery_codes_left, security_keys
from app.core.authz import authorize
from app.core.db import db
from app.core.uow import atomic
from app.core.web import actor, answer_form, found, now, see_other

from .my import leave

bp = Blueprint("security", __name__, url_prefix="/my/security")
bp.before_request(require_sign_in)


@bp.get("/")
def index() -> Any:
    """Everything about the safety of one's account on one page."""
    authorize(can_use_site(actor()))
    user = db.session.get_one(User, actor().user_id)
    return render_template(
        "accounts/security/index.html",
        user=user,
        sessions=open_sessions(db.session, user.id, now()),
        codes_left=recovery_codes_left(db.session, user.id) if user.second_factor_since else 0,
        keys=security_keys(db.session, user.id),
    )


@bp.route("/password", methods=["GET", "POST"])
def password() -> Any:
    """Change the password; all other sessions end, and a mail tells of it."""
    authorize(can_use_site(actor()))
    if actor().has_second_factor and (challenge := require_recent_sign_in()):
        return challenge
    form = ChangePasswordForm()
    if form.validate_on_submit():
        with form.showing_errors(), atomic() as session:
            user = session.get_one(User, actor().user_id)
            passwords.change_password(session, user=user, old=form.old.data, new=form.new.data, actor=actor(), now=now())
            flash(_("Your password is changed. Your other sessions have been ended."), "success")
            return see_other("accounts.security.index")
    return answer_form("accounts/security/password.html", "content", form)


@bp.route("/address", methods=["GET", "POST"])
def address() -> Any:
    """Ask for another address; it counts once its link has been opened."""
    authorize(can_use_site(actor()))
    if actor().has_second_factor and (challenge := require_recent_sign_in()):
        return challenge
    form = ChangeEmailForm()
    if form.validate_on_submit():
        with form.showing_errors(), atomic() as session:
            user = session.get_one(User, actor().user_id)
            users.request_email_change(session, user=user, email=form.email.data, password=form.password.data, actor=actor(), now=now())
            flash(_("A link has been sent to the new address. Until it is opened, nothing changes."), "success")
            return see_other("accounts.security.index")
    return answer_form("accounts/security/address.html", "content", form, address=actor().email)


@bp.post("/sessions/<int:session_id>/end")
def end_session(session_id: int) -> Any:
    """Sign out another browser."""
    authorize(can_use_site(actor()))
    with atomic() as session:
        live = found(open_session(session, actor().user_id, session_id))
        sessions.end_session(session, live=live, actor=actor(), now=now())
    if session_id == actor().session_id:
        return leave(_("You are signed out."))
    flash(_("The session has been ended."), "success")
    return see_other("accounts.security.index")


@bp.post("/sessions/end-all")
def end_all() -> Any:
    """Sign out everywhere, here as well."""
    authorize(can_use_site(actor()))
    with atomic() as session:
        user = session.get_one(User, actor().user_id)
        sessions.end_sessions(session, user=user, keep=None, reason="signed out everywhere", actor=actor(), now=now())
    return leave(_("You are signed out everywhere."))


@bp.post("/sessions/end-others")
def end_others() -> Any:
    """Sign out everywhere but here."""
    authorize(can_use_site(actor()))
    with atomic() as session:
        user = session.get_one(User, actor().user_id)
        sessions.end_sessions(session, user=user, keep=actor().session_id, reason="signed out elsewhere", actor=actor(), now=now())
    flash(_("All other sessions have been ended."), "success")
    return see_other("accounts.security.index")
