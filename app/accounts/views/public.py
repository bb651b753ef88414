"""Pages for everybody: signing in, signing up, resetting, and the links of mails."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, jsonify, make_response, redirect, render_template, request, session
from flask_babel import get_locale
from flask_babel import gettext as _

from app.accounts.enums import KeyPurpose, TokenPurpose
from app.accounts.forms.access import AddressForm, CodeForm, FinishSignUpForm, NewPasswordForm, SignInForm
from app.accounts.models import User
from app.accounts.operations import challenges, passwords, proof, signing_in, users
from app.accounts.operations.proof import TooManyAttempts
from app.accounts.operations.signing_in import Outcome, SignIn
from app.accounts.operations.tokens import LinkInvalid, find_token
from app.accounts.rules.notice import PARAGRAPHS, VERSION
from app.core.authz import VISITOR, public
from app.core.db import db
from app.core.uow import atomic
from app.core.web import actor, answer_form, now, safe_target, see_other
from app.settings.queries import setting, settings

from .ceremony import given, half_way_place, offers_keys, site_or_404
from .cookies import GOING_TO, HALF_WAY, half_way_user, network, remember_half_way, welcome

bp = Blueprint("public", __name__)
HOME = "/my/"


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Any:
    """Address and password; the answer never tells which of the two was wrong, nor whether there is such an account."""
    target = safe_target(request.values.get("next", ""), HOME)
    if request.method == "GET" and actor().is_authenticated:
        return redirect(target, code=303)
    form = SignInForm()
    if form.validate_on_submit():
        try:
            with atomic() as db_session:
                found = signing_in.check_credentials(
                    db_session, email=form.email.data, password=form.password.data, network=network(), actor=actor(), now=now()
                )
        except TooManyAttempts as error:
            return _slow_down(error, "accounts/public/sign_in.html", form=form, target=target)
        return _after_password(found, form, target)
    return answer_form("accounts/public/sign_in.html", "content", form, target=target, open_sign_up=setting(db.session, "sign_up_open"))


def _after_password(found: SignIn, form: SignInForm, target: str) -> Any:
    if found.outcome == Outcome.WELCOME and found.user is not None:
        return _enter(found.user, target, with_second_factor=False)
    if found.outcome == Outcome.CODE_WANTED and found.user is not None:
        remember_half_way(found.user, target, now())
        return see_other("accounts.public.second_step")
    if found.outcome == Outcome.UNCONFIRMED:
        form.form_errors = [_("Please confirm your address first. A new link has been sent to it.")]
    else:
        form.form_errors = [_("Address and password do not belong together.")]
    return answer_form("accounts/public/sign_in.html", "content", form, target=target, open_sign_up=setting(db.session, "sign_up_open"))


@bp.route("/sign-in/code", methods=["GET", "POST"])
@public
def second_step() -> Any:
    """A code of the authenticator app, a recovery code, or a security key."""
    user = half_way_user(now())
    if user is None:
        session.pop(HALF_WAY, None)
        return see_other("accounts.public.sign_in")
    form = CodeForm()
    if form.validate_on_submit():
        try:
            with atomic() as db_session:
                user = db_session.get_one(User, user.id)
                right = signing_in.check_second_step(
                    db_session, user=user, code=form.code.data or "", key=given(form.answer.data, half_way_place()), network=network(),
                    actor=actor(), now=now(),
                )  # fmt: skip
        except TooManyAttempts as error:
            return _slow_down(error, "accounts/public/second_step.html", form=form, offers_keys=offers_keys(user))
        if right:
            return _enter(user, safe_target(session[HALF_WAY]["next"], HOME), with_second_factor=True)
        form.form_errors = [str(proof.WrongKey.message if form.answer.data else proof.WrongCode.message)]
    return answer_form("accounts/public/second_step.html", "content", form, offers_keys=offers_keys(user))


@bp.post("/sign-in/key-options")
@public
def key_options() -> Any:
    """What the browser gives to a security key as second step; only after a right password."""
    user, site = half_way_user(now()), site_or_404()
    if user is None:
        return see_other("accounts.public.sign_in")
    with atomic() as db_session:
        user = db_session.get_one(User, user.id)
        asked = challenges.ask_for_key(db_session, user=user, purpose=KeyPurpose.SIGN_IN, place=half_way_place(), site=site, now=now())
    return jsonify(asked)


def _enter(user: User, target: str, *, with_second_factor: bool) -> Any:
    welcome(user, with_second_factor=with_second_factor, now=now())
    if signing_in.has_stale_password(db.session, user=user, now=now()):
        flash(_("Your password is older than 90 days. Please choose a new one."), "warning")
        return see_other("accounts.security.password")
    return redirect(target, code=303)


def _slow_down(error: TooManyAttempts, template: str, **context: Any) -> Any:
    """429 with the time to wait; the same for accounts that exist and that do not."""
    context["form"].form_errors = [str(error)]
    response = make_response(render_template(template, open_sign_up=setting(db.session, "sign_up_open"), **context), 429)
    response.headers["Retry-After"] = str(error.seconds)
    return response


@bp.route("/sign-up", methods=["GET", "POST"])
@public
def sign_up() -> Any:
    """An address, to which a link is sent; whether it is known already is told by mail only."""
    form = AddressForm()
    if request.args.get("next"):
        session[GOING_TO] = safe_target(request.args["next"], HOME)
    if form.validate_on_submit():
        with form.showing_errors():
            try:
                with atomic() as db_session:
                    users.request_account(db_session, email=form.email.data, locale=str(get_locale()), network=network(), now=now())
            except TooManyAttempts as error:
                return _slow_down(error, "accounts/public/sign_up.html", form=form)
            return _sent_to(form)
    return answer_form("accounts/public/sign_up.html", "content", form, open_sign_up=setting(db.session, "sign_up_open"))


def _sent_to(form: AddressForm) -> Any:
    session["sent_to"] = form.email.data
    return see_other("accounts.public.sent")


@bp.get("/sign-up/sent")
@public
def sent() -> Any:
    """What happens next, in the same words whatever the address."""
    return render_template("accounts/public/sent.html", address=session.get("sent_to", ""))


@bp.get("/privacy")
@public
def notice() -> Any:
    """How personal data are used, with the version that an account accepts."""
    values = settings(db.session)
    return render_template(
        "accounts/public/notice.html", version=VERSION, paragraphs=PARAGRAPHS, owner=values["site_owner"], contact=values["site_contact"]
    )


@bp.route("/sign-up/<secret>", methods=["GET", "POST"])
@public
def finish_sign_up(secret: str) -> Any:
    """Name and password for the confirmed address."""
    token = _live(secret, TokenPurpose.CONFIRM_EMAIL)
    if token is None or token.user_id is not None:
        return _dead_link("accounts.public.sign_up")
    form = FinishSignUpForm()
    if form.validate_on_submit():
        with form.showing_errors():
            with atomic() as db_session:
                user = users.sign_up(db_session, secret=secret, name=form.name.data, password=form.password.data, now=now())
            target = safe_target(session.get(GOING_TO, ""), HOME)
            welcome(user, with_second_factor=False, now=now())
            return redirect(target, code=303)
    return answer_form("accounts/public/finish_sign_up.html", "content", form, address=token.email)


@bp.route("/confirm/<secret>", methods=["GET", "POST"])
@public
def confirm(secret: str) -> Any:
    """Confirm the address of an account that was made for somebody."""
    if _live(secret, TokenPurpose.CONFIRM_EMAIL) is None:
        return _dead_link()
    if request.method == "POST":
        with atomic() as db_session:
            users.confirm_address(db_session, secret=secret, now=now())
        flash(_("Thank you, your address is confirmed. Please sign in."), "success")
        return see_other("accounts.public.sign_in")
    return render_template("accounts/public/one_click.html", purpose="confirm")


@bp.route("/change-address/<secret>", methods=["GET", "POST"])
@public
def confirm_change(secret: str) -> Any:
    """Put the new address of an account into force."""
    if _live(secret, TokenPurpose.CHANGE_EMAIL) is None:
        return _dead_link()
    if request.method == "POST":
        with atomic() as db_session:
            users.change_email(db_session, secret=secret, actor=actor(), now=now())
        flash(_("The new address is in force. Please sign in with it."), "success")
        return see_other("accounts.public.sign_in")
    return render_template("accounts/public/one_click.html", purpose="change")


@bp.route("/reset", methods=["GET", "POST"])
@public
def reset() -> Any:
    """Ask for a reset link; the answer is the same for every address."""
    form = AddressForm()
    if form.validate_on_submit():
        try:
            with atomic() as db_session:
                passwords.request_reset(
                    db_session, email=form.email.data, locale=str(get_locale()), network=network(), actor=VISITOR, now=now()
                )
        except TooManyAttempts as error:
            return _slow_down(error, "accounts/public/reset.html", form=form)
        return _sent_to(form)
    return answer_form("accounts/public/reset.html", "content", form)


@bp.route("/reset/<secret>", methods=["GET", "POST"])
@public
def finish_reset(secret: str) -> Any:
    """A new password through the mailed link; every session of the account ends."""
    if _live(secret, TokenPurpose.RESET_PASSWORD) is None:
        return _dead_link("accounts.public.reset")
    form = NewPasswordForm()
    if form.validate_on_submit():
        with form.showing_errors(), atomic() as db_session:
            passwords.reset_password(db_session, secret=secret, password=form.password.data, actor=actor(), now=now())
            flash(_("Your new password is in force. Please sign in with it."), "success")
            return see_other("accounts.public.sign_in")
    return answer_form("accounts/public/finish_reset.html", "content", form)


def _live(secret: str, purpose: TokenPurpose) -> Any:
    try:
        return find_token(db.session, secret=secret, purpose=purpose, now=now())
    except LinkInvalid:
        return None


def _dead_link(again: str = "") -> Any:
    """``again``: the endpoint at which a new link can be asked for."""
    return render_template("accounts/public/dead_link.html", again=again), 410
