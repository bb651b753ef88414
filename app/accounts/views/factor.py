"""One's second factor on one page: security keys, authenticator app, recovery codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, make_response, render_template
from flask import session as browser
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import engine
from app.accounts.forms.own import FirstCodeForm, KeyForm
from app.accounts.gates import require_recent_sign_in, require_sign_in
from app.accounts.models import User
from app.accounts.operations import second_factor
from app.accounts.policies import can_use_site
from app.accounts.queries import recovery_codes_left, security_keys
from app.core.authz import authorize
from app.core.db import db
from app.core.later import later
from app.core.uow import atomic
from app.core.web import actor, answer_form, now, see_other, telling
from app.settings.queries import settings

from .ceremony import site

if TYPE_CHECKING:
    import segno
else:
    segno = later("segno")

bp = Blueprint("factor", __name__, url_prefix="/my/security/second-factor")
bp.before_request(require_sign_in)
#: Where the browser keeps the sealed secret of an app that is being set up.
PROPOSED = "proposed_app"


@bp.route("/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """What there is, and what can be added. A POST is the first code of a new authenticator app."""
    authorize(can_use_site(actor()))
    if challenge := require_recent_sign_in():
        return challenge
    form = FirstCodeForm()
    if form.validate_on_submit():
        with form.showing_errors(), atomic() as session:
            user = session.get_one(User, actor().user_id)
            codes = second_factor.enable_second_factor(
                session, user=user, secret=_proposed(), code=form.code.data, actor=actor(), now=now()
            )  # fmt: skip
            browser.pop(PROPOSED)
            flash(_("The authenticator app is set up."), "success")
            return show_codes_once(codes) if codes else see_other("accounts.factor.index")
    return factor_page(form, KeyForm(formdata=None))


@bp.post("/recovery-codes")
def renew_codes() -> ResponseReturnValue:
    """Ten new recovery codes instead of the old ones."""
    authorize(can_use_site(actor()))
    if challenge := require_recent_sign_in():
        return challenge
    with atomic() as session:
        user = session.get_one(User, actor().user_id)
        codes = second_factor.renew_recovery_codes(session, user=user, actor=actor(), now=now())
    return show_codes_once(codes)


@bp.post("/remove")
def remove() -> ResponseReturnValue:
    """Forget the authenticator app; the last second factor stays where a role demands one."""
    authorize(can_use_site(actor()))
    if challenge := require_recent_sign_in():
        return challenge
    demanded = is_demanded()
    with telling(_("The authenticator app has been removed.")) as session:
        user = session.get_one(User, actor().user_id)
        second_factor.remove_authenticator(session, user=user, is_demanded=demanded, actor=actor(), now=now())
    return see_other("accounts.factor.index")


def factor_page(form: FirstCodeForm, key_form: KeyForm) -> ResponseReturnValue:
    """The page with its two forms, one of which may have been sent and refused."""
    user = db.session.get_one(User, actor().user_id)
    secret = _proposed() if user.totp_enabled_at is None else ""
    picture = _picture(secret, user.email) if secret else ""
    sent = form if form.errors else key_form
    return answer_form(
        "accounts/security/factor.html", "content", sent, code_form=form, key_form=key_form, user=user, secret=secret, picture=picture,
        keys=security_keys(db.session, user.id), site=site(), is_demanded=is_demanded(),
        codes_left=recovery_codes_left(db.session, user.id),
    )  # fmt: skip


def is_demanded() -> bool:
    """Whether one of the person's roles must have a second factor."""
    return actor().holds_anywhere(*settings(db.session)["second_factor_roles"])


def show_codes_once(codes: list[str]) -> ResponseReturnValue:
    """The recovery codes are in this answer and nowhere else."""
    response = make_response(render_template("accounts/security/recovery_codes.html", codes=codes))
    response.headers["Cache-Control"] = "no-store"
    return response


def _proposed() -> str:
    """The secret for a new app: the same until its first code, so that reloading the page does no harm."""
    secret, browser[PROPOSED] = engine.proposed_secret(browser.get(PROPOSED, ""), actor().user_id or 0)
    return secret


def _picture(secret: str, account: str) -> str:
    """The secret as an authenticator app scans it."""
    issuer = settings(db.session)["site_name"] or _("Jiebang")
    return segno.make(engine.totp_address(secret, account=account, issuer=issuer), error="m").svg_data_uri(scale=5)
