"""The link of a staff invitation: for whoever is signed in as the invited person, or has no account yet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, render_template
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import login_user

from app.accounts.enums import Role, TokenPurpose
from app.accounts.forms.access import FinishSignUpForm
from app.accounts.models import Organization, Token, User, UserSession
from app.accounts.operations import invitations
from app.accounts.operations.sessions import rename_session
from app.accounts.operations.tokens import LinkInvalid, find_token
from app.accounts.queries import user_by_email
from app.core.authz import public
from app.core.db import db
from app.core.errors import DomainError
from app.core.uow import atomic
from app.core.web import actor, answer_form, now, see_other

from .cookies import welcome

bp = Blueprint("invitations", __name__)


@bp.route("/invitations/<secret>", methods=["GET", "POST"])
@public
def show(secret: str) -> Any:
    """What is offered, and the one button that fits: accept, sign in first, change account, or make one."""
    try:
        token = find_token(db.session, secret=secret, purpose=TokenPurpose.INVITE_STAFF, now=now())
    except LinkInvalid:
        return render_template("accounts/public/dead_link.html"), 410
    known = user_by_email(db.session, token.email)
    form = FinishSignUpForm()
    if form.is_submitted():
        if actor().is_authenticated:
            return _accept(secret, token, form)
        if known is None and form.validate():
            return _join(secret, token, form)
    return _page(token, form, is_known=known is not None)


def _accept(secret: str, token: Token, form: FinishSignUpForm) -> Any:
    try:
        with atomic() as session:
            user = session.get_one(User, actor().user_id)
            invitations.accept_invitation(session, secret=secret, user=user, now=now())
            new_name = rename_session(session.get_one(UserSession, actor().session_id, with_for_update=True))
    except DomainError as error:
        form.form_errors = [str(error)]
        return _page(token, form, is_known=True)
    login_user(replace(actor(), session_token=new_name))
    flash(_("Welcome. The role is yours from now on."), "success")
    return see_other("accounts.my.index")


def _join(secret: str, token: Token, form: FinishSignUpForm) -> Any:
    with form.showing_errors():
        with atomic() as session:
            user = invitations.accept_as_new(
                session, secret=secret, name=form.name.data, password=form.password.data, locale=str(get_locale()), now=now()
            )
        welcome(user, with_second_factor=False, now=now())
        flash(_("Welcome. The role is yours from now on."), "success")
        return see_other("accounts.my.index")
    return _page(token, form, is_known=False)


def _page(token: Token, form: FinishSignUpForm, *, is_known: bool) -> Any:
    organization_id = token.payload.get("organization_id")
    inviter = db.session.get(User, token.created_by_id) if token.created_by_id else None
    who = actor()
    return answer_form(
        "accounts/public/invitation.html", "content", form, token=token, is_known=is_known,
        role=Role(token.payload["role"]).label, inviter=inviter.name if inviter else "",
        organization=db.session.get(Organization, organization_id) if organization_id else None,
        edition=token.payload.get("edition", {}).get("title", ""),
        is_mine=who.is_authenticated and who.email == token.email,
    )  # fmt: skip
