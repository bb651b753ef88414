"""Registering and removing one's security keys."""

from __future__ import annotations

from flask import Blueprint, flash, jsonify
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.enums import KeyPurpose
from app.accounts.forms.own import FirstCodeForm, KeyForm
from app.accounts.gates import require_recent_sign_in, require_sign_in
from app.accounts.models import User
from app.accounts.operations import challenges, keys
from app.accounts.policies import can_use_site
from app.accounts.queries import security_key
from app.core.authz import authorize
from app.core.uow import atomic
from app.core.web import actor, found, now, see_other, telling

from .ceremony import session_place, site_or_404
from .factor import factor_page, is_demanded, show_codes_once

bp = Blueprint("keys", __name__, url_prefix="/my/security/keys")
bp.before_request(require_sign_in)


@bp.post("/options")
def options() -> ResponseReturnValue:
    """What the browser gives to the new key: fetched by script on the press of the button."""
    authorize(can_use_site(actor()))
    if challenge := require_recent_sign_in():
        return challenge
    with atomic() as session:
        user = session.get_one(User, actor().user_id)
        asked = challenges.ask_for_new_key(session, user=user, place=session_place(), site=site_or_404(), now=now())
    return jsonify(asked)


@bp.post("/confirm-options")
def confirm_options() -> ResponseReturnValue:
    """What the browser gives to one of the person's keys to prove again who they are."""
    authorize(can_use_site(actor()))
    with atomic() as session:
        user = session.get_one(User, actor().user_id)
        asked = challenges.ask_for_key(session, user=user, purpose=KeyPurpose.CONFIRM, place=session_place(), site=site_or_404(), now=now())
    return jsonify(asked)


@bp.post("/")
def add() -> ResponseReturnValue:
    """Keep the key that answered, under the name that was typed."""
    authorize(can_use_site(actor()))
    if challenge := require_recent_sign_in():
        return challenge
    form, site = KeyForm(), site_or_404()
    if form.validate_on_submit():
        with form.showing_errors(), atomic() as session:
            user = session.get_one(User, actor().user_id)
            answer = challenges.KeyAnswer(form.answer.data or "", session_place(), site)
            codes = keys.register_key(session, user=user, name=form.name.data or "", given=answer, actor=actor(), now=now())
            flash(_("The key “%(name)s” is registered.", name=form.name.data), "success")
            return show_codes_once(codes) if codes else see_other("accounts.factor.index")
    return factor_page(FirstCodeForm(formdata=None), form)


@bp.post("/<int:key_id>/remove")
def remove(key_id: int) -> ResponseReturnValue:
    """Forget a key."""
    authorize(can_use_site(actor()))
    if challenge := require_recent_sign_in():
        return challenge
    demanded = is_demanded()
    with telling(_("The key has been removed.")) as session:
        user = session.get_one(User, actor().user_id)
        key = found(security_key(session, user.id, key_id))
        keys.remove_key(session, user=user, key=key, is_demanded=demanded, actor=actor(), now=now())
    return see_other("accounts.factor.index")
