"""The judge's invitation: one link, no account needed beforehand."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select
from wtforms.fields.choices import SelectChoice

from app.accounts.models import User
from app.accounts.operations.tokens import LinkInvalid
from app.accounts.views.cookies import welcome
from app.core.authz import public
from app.core.db import db
from app.core.uow import atomic
from app.core.web import actor, now, see_other
from app.judging.forms.invitation import AcceptAsNewForm, AcceptForm, DeclineForm
from app.judging.operations import invitations
from app.judging.operations.refusals import InvitationGone
from app.judging.queries.invitation import Offer, offer_of
from app.judging.rules import statement_digest, statement_sentences

bp = Blueprint("invitation", __name__, url_prefix="/invitations/judge")


def _load(secret: str) -> tuple[Offer, User | None] | None:
    """The offer behind a live link and the account of the invited address, if there is one."""
    try:
        token, seat = invitations.invited_seat(db.session, secret=secret, now=now())
    except (LinkInvalid, InvitationGone):
        return None
    offer = offer_of(db.session, seat)
    g.zone = offer.edition.zone
    return offer, db.session.scalar(select(User).where(User.email == token.email))


def _gone() -> ResponseReturnValue:
    if actor().is_authenticated:
        flash(_("This invitation was answered, or is too old. Your seats are listed here."), "info")
        return see_other("judging.desk.index")
    return render_template("judging/invitation/gone.html"), 410


@bp.get("/<secret>")
@public
def show(secret: str) -> ResponseReturnValue:
    """What is offered, the statement, and the entries to declare conflicts against."""
    loaded = _load(secret)
    if loaded is None:
        return _gone()
    form = _form(loaded[1])
    if isinstance(form, AcceptAsNewForm):
        form.name.data = loaded[0].seat.name
    return _page(secret, loaded, form, DeclineForm(), 200)


@bp.post("/<secret>/acceptance")
@public
def accept(secret: str) -> ResponseReturnValue:
    """Take the seat, with a new account where there was none."""
    loaded = _load(secret)
    if loaded is None:
        return _gone()
    offer, user = loaded
    form = _form(user)
    form.conflicts.choices = [SelectChoice(key, words) for key, words in offer.titles]
    if actor().is_authenticated if user is None else user.id != actor().user_id:
        return _page(secret, loaded, form, DeclineForm(), 403)
    if form.validate_on_submit():
        digest = statement_digest(statement_sentences())
        with form.showing_errors():
            person = _take(secret, form, user, digest)
            if user is None:
                welcome(person, with_second_factor=False, now=now())
            flash(_("Thank you. What you are asked to score appears on this page."), "success")
            return see_other("judging.desk.index")
        loaded = _load(secret)
        if loaded is None:
            return _gone()
    return _page(secret, loaded, form, DeclineForm(), 422)


def _take(secret: str, form: AcceptForm, user: User | None, digest: str) -> User:
    with atomic() as session:
        if user is None and isinstance(form, AcceptAsNewForm):
            return invitations.accept_as_new(
                session, secret=secret, name=form.name.data or "", password=form.password.data or "", locale=str(get_locale()),
                statement_digest=digest, declared=form.declared(), now=now(),
            )  # fmt: skip
        person = session.get_one(User, actor().user_id)
        invitations.accept_seat(session, secret=secret, user=person, statement_digest=digest, declared=form.declared(), now=now())
        return person


@bp.post("/<secret>/refusal")
@public
def decline(secret: str) -> ResponseReturnValue:
    """Say no; the link is enough."""
    loaded = _load(secret)
    if loaded is None:
        return _gone()
    form = DeclineForm()
    if not form.validate_on_submit():
        return _page(secret, loaded, _form(loaded[1]), form, 422)
    with atomic() as session:
        invitations.decline_seat(session, secret=secret, reason=form.decline_reason.data or "", actor=actor(), now=now())
    return render_template("judging/invitation/declined.html", offer=loaded[0])


def _form(user: User | None) -> AcceptForm:
    return AcceptAsNewForm() if user is None else AcceptForm()


def _page(secret: str, loaded: tuple[Offer, User | None], form: AcceptForm, refusal: DeclineForm, status: int) -> Any:
    offer, user = loaded
    form.conflicts.choices = [SelectChoice(key, words) for key, words in offer.titles]
    mine = user is not None and user.id == actor().user_id
    page = render_template(
        "judging/invitation/show.html", offer=offer, form=form, refusal=refusal, secret=secret, is_new=user is None, is_mine=mine,
        sentences=statement_sentences(), locale_name=str(get_locale()), someone_else=actor().is_authenticated and not mine,
    )  # fmt: skip
    return page, status
