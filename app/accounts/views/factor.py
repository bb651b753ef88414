"""Setting up, renewing and removing one's second factor."""

from __future__ import annotations

import segno
from flask import Blueprint, flash, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import engine
from app.accounts.forms.own import FirstCodeForm
from app.accounts.gates import require_recent_sign_in, require_sign_in
from app.accounts.models import User
from app.accounts.operations import second_factor
from app.accounts.policies import can_use_site
from app.accounts.queries import recovery_codes_left
from app.core.authz import authorize
from app.core.db import db
from app.core.uow import atomic
from app.core.web import actor, answer_form, now, see_other
from app.settings.queries import settings

bp = Blueprint("factor", __name__, url_prefix="/my/security/second-factor")
bp.before_request(require_sign_in)


@bp.route("/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """Scan the code, enter the first six digits, keep the recovery codes."""
    authorize(can_use_site(actor()))
    if challenge := require_recent_sign_in():
        return challenge
    if actor().has_second_factor:
        left = recovery_codes_left(db.session, actor().user_id or 0)
        return render_template("accounts/security/factor_on.html", codes_left=left, is_demanded=_is_demanded())
    form = FirstCodeForm()
    if form.validate_on_submit():
        with form.showing_errors(), atomic() as session:
            user = session.get_one(User, actor().user_id)
            codes = second_factor.enable_second_factor(session, user=user, code=form.code.data, actor=actor(), now=now())
            return _show_once(codes)
    with atomic() as session:
        user = session.get_one(User, actor().user_id)
        secret = second_factor.propose_secret(session, user=user)
    issuer = settings(db.session)["site_name"] or _("Jiebang")
    address = engine.totp_address(secret, account=user.email, issuer=issuer)
    picture = segno.make(address, error="m").svg_data_uri(scale=5)
    return answer_form("accounts/security/factor_off.html", "content", form, picture=picture, secret=secret)


@bp.post("/recovery-codes")
def renew_codes() -> ResponseReturnValue:
    """Ten new recovery codes instead of the old ones."""
    authorize(can_use_site(actor()))
    if challenge := require_recent_sign_in():
        return challenge
    with atomic() as session:
        user = session.get_one(User, actor().user_id)
        codes = second_factor.renew_recovery_codes(session, user=user, actor=actor(), now=now())
    return _show_once(codes)


@bp.post("/remove")
def remove() -> ResponseReturnValue:
    """Go back to the password alone, unless a role demands the second factor."""
    authorize(can_use_site(actor()))
    if challenge := require_recent_sign_in():
        return challenge
    with atomic() as session:
        user = session.get_one(User, actor().user_id)
        second_factor.disable_second_factor(
            session, user=user, is_demanded=_is_demanded(), reason="removed by the owner", actor=actor(), now=now()
        )
    flash(_("The second factor has been removed."), "success")
    return see_other("accounts.security.index")


def _is_demanded() -> bool:
    return actor().holds_anywhere(*settings(db.session)["second_factor_roles"])


def _show_once(codes: list[str]) -> ResponseReturnValue:
    """The recovery codes are in this answer and nowhere else."""
    response = make_response(render_template("accounts/security/recovery_codes.html", codes=codes))
    response.headers["Cache-Control"] = "no-store"
    return response
