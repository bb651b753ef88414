"""One's own pages: what waits, the current role, proving oneself again, signing out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_login import login_user, logout_user

from app.accounts.enums import Role
from app.accounts.forms.access import ConfirmForm
from app.accounts.gates import require_sign_in
from app.accounts.models import User, UserSession
from app.accounts.operations import proof, sessions
from app.accounts.policies import can_use_site
from app.accounts.waiting import waiting_tasks
from app.core.authz import authorize
from app.core.db import db
from app.core.uow import atomic
from app.core.web import actor, answer_form, now, safe_target, see_other

from .ceremony import given, offers_keys, session_place
from .cookies import INVITATION, start_anew

bp = Blueprint("my", __name__, url_prefix="/my")
bp.before_request(require_sign_in)


@bp.get("/")
def index() -> Any:
    """The first page after signing in: tasks that wait, and the roles one holds."""
    authorize(can_use_site(actor()))
    tasks = waiting_tasks(db.session, actor(), now())
    held = [role for role in Role if actor().holds_anywhere(role)]
    return render_template("accounts/my/index.html", tasks=tasks, roles=[(role, role.label) for role in held])


@bp.get("/awake")
def awake() -> Any:
    """Asked for by script while somebody types: it is activity, and moves the idle limit like any page (``keep_alive``)."""
    authorize(can_use_site(actor()))
    return "", 204


@bp.post("/role")
def choose_role() -> Any:
    """Act in another of one's roles; what one may do stays the same, what is written beside it changes."""
    authorize(can_use_site(actor()))
    with atomic() as db_session:
        sessions.choose_role(db_session, role=request.form.get("role", ""), actor=actor(), now=now())
    return redirect(safe_target(request.form.get("next", ""), "/my/"), code=303)


@bp.route("/confirm", methods=["GET", "POST"])
def confirm() -> Any:
    """Prove oneself again before a step with weight."""
    authorize(can_use_site(actor()))
    target = safe_target(request.values.get("next", ""), "/my/")
    form = ConfirmForm()
    user = db.session.get_one(User, actor().user_id)
    if user.second_factor_since is None:
        del form.code
        del form.answer
    if form.validate_on_submit():
        with form.showing_errors():
            with atomic() as db_session:
                user = db_session.get_one(User, actor().user_id)
                code = (form.code.data or "") if "code" in form else ""
                key = given(form.answer.data, session_place()) if "answer" in form else None
                _live, secret = proof.reconfirm(
                    db_session, user=user, password=form.password.data, code=code, key=key, actor=actor(), now=now()
                )
            login_user(replace(actor(), session_token=secret))
            flash(_("It is you. Please go on with what you were about to do."), "success")
            return redirect(target, code=303)
    return answer_form("accounts/my/confirm.html", "content", form, target=target, offers_keys="answer" in form and offers_keys(user))


@bp.post("/sign-out")
def sign_out() -> Any:
    """End this session on the server; the cookie is worthless afterwards. ``next``: an invitation to be opened as somebody else."""
    authorize(can_use_site(actor()))
    with atomic() as db_session:
        live = db_session.get_one(UserSession, actor().session_id, with_for_update=True)
        sessions.end_session(db_session, live=live, actor=actor(), now=now())
    target = safe_target(request.form.get("next", ""), "")
    return leave(_("You are signed out. Sign in as the person who was invited.") if target else _("You are signed out."), target)


def leave(message: str, target: str = "") -> Any:
    """Forget the session in this browser and ask it to throw away what it kept."""
    logout_user()
    start_anew(INVITATION)  # worthless to anybody else
    flash(message, "success")
    response = redirect(target, code=303) if target else see_other("accounts.public.sign_in")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
