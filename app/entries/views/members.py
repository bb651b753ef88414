"""The team's page: members, invitations, rights, partner organizations; and the answer to an invitation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask import session as browser
from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.gates import require_sign_in
from app.accounts.views.cookies import INVITATION
from app.core import clock
from app.core.authz import ALLOW, authorize, public
from app.core.db import db
from app.core.errors import DomainError, NotFound
from app.core.uow import atomic
from app.core.web import actor, now, see_other, telling
from app.entries.enums import MemberRight, MemberRole, MemberState
from app.entries.forms.entering import MemberForm, PartnerForm
from app.entries.models import Entry, EntryMember, PartnerOrganization
from app.entries.operations import teams
from app.entries.policies import can_lead_entry, can_view_entry

from .loading import Team, my_entry
from .team import frame

bp = Blueprint("members", __name__, url_prefix="/my/entries")
join = Blueprint("join", __name__, url_prefix="/join")
_OPEN = ("entries.join.letter",)


@bp.before_request
@join.before_request
def gate() -> Any:
    """Everything but the letter itself needs an account."""
    return None if request.endpoint in _OPEN else require_sign_in()


@bp.get("/<code>/team")
def index(code: str) -> str:
    """Who belongs to the entry and may do what."""
    entry, members = my_entry(db.session, code)
    authorize(can_view_entry(actor(), entry, members))
    return _page(entry, members, MemberForm(formdata=None), PartnerForm(formdata=None))


def _page(entry: Entry, members: Team, form: MemberForm, partner: PartnerForm) -> str:
    partners = select(PartnerOrganization).where(PartnerOrganization.entry_id == entry.id).order_by(PartnerOrganization.position)
    return render_template(
        "entries/team/members.html", **frame(entry, members), form=form, partner=partner, partners=db.session.scalars(partners).all(),
        rights=list(MemberRight),
    )  # fmt: skip


@bp.post("/<code>/team/invite")
def invite(code: str) -> Any:
    """Invite a person by mail."""
    entry, members = my_entry(db.session, code)
    authorize(can_lead_entry(actor(), entry, members))
    form = MemberForm()
    if form.validate():
        values = form.values()
        values["role"], values["right"] = MemberRole(values["role"]), MemberRight(values["right"])
        with form.showing_errors(), atomic() as session:
            teams.invite_member(session, entry=entry, actor=actor(), now=clock.now(), **values)
            flash(_("The invitation to %(email)s is on its way.", email=values["email"]), "success")
            return see_other(".index", code=code)
    return _page(*my_entry(db.session, code), form, PartnerForm(formdata=None)), 422


@bp.post("/<code>/team/<int:member_id>/<step>")
def change(code: str, member_id: int, step: str) -> Any:
    """One step with one member: remind, right, remove, lead."""
    entry, members = my_entry(db.session, code)
    authorize(can_lead_entry(actor(), entry, members))
    if step not in _STEPS:
        raise NotFound
    act, message = _STEPS[step]
    with telling(message) as session:
        act(session, entry, member_id)
    return see_other(".index", code=code)


def _remind(session: Any, entry: Entry, member_id: int) -> None:
    row = session.get(EntryMember, member_id)
    if row is None or row.entry_id != entry.id:
        raise NotFound
    teams.remind_member(session, entry=entry, member=row, actor=actor(), now=clock.now())


def _right(session: Any, entry: Entry, member_id: int) -> None:
    wanted = request.form.get("right", "")
    if wanted not in set(MemberRight):
        abort(400)
    teams.change_right(session, entry=entry, member_id=member_id, right=MemberRight(wanted), actor=actor(), now=clock.now())


def _remove(session: Any, entry: Entry, member_id: int) -> None:
    teams.remove_member(session, entry=entry, member_id=member_id, actor=actor(), now=clock.now())


def _lead(session: Any, entry: Entry, member_id: int) -> None:
    teams.hand_over(session, entry=entry, member_id=member_id, actor=actor(), now=clock.now())


_STEPS: dict[str, tuple[Callable[[Any, Entry, int], None], Callable[[], str]]] = {
    "remind": (_remind, lambda: _("A new invitation is on its way.")),
    "right": (_right, lambda: _("Saved.")),
    "remove": (_remove, lambda: _("Removed from the team.")),
    "lead": (_lead, lambda: _("The leadership has been handed over.")),
}


@bp.post("/<code>/partners")
def partner(code: str) -> Any:
    """Add or change a partner organization."""
    entry, members = my_entry(db.session, code)
    authorize(can_lead_entry(actor(), entry, members))
    form = PartnerForm()
    if form.validate():
        with form.showing_errors(), atomic() as session:
            teams.set_partner(session, entry=entry, actor=actor(), now=clock.now(), **form.values())
            return see_other(".index", code=code)
    return _page(*my_entry(db.session, code), MemberForm(formdata=None), form), 422


@bp.post("/<code>/partners/<int:partner_id>/remove")
def remove_partner(code: str, partner_id: int) -> Any:
    """Take a partner organization out."""
    entry, members = my_entry(db.session, code)
    authorize(can_lead_entry(actor(), entry, members))
    with atomic() as session:
        teams.remove_partner(session, entry=entry, partner_id=partner_id, actor=actor(), now=clock.now())
    return see_other(".index", code=code)


# --- the answer to an invitation --------------------------------------------------------------------------------------


@join.get("/<secret>")
@public
def letter(secret: str) -> Any:
    """The link of the mail. It keeps the secret for after the sign-in; the address bar forgets it."""
    browser[INVITATION] = secret[:100]
    if actor().user_id is None:
        flash(_("You were invited to a team. Sign in, or open an account, to see who invites you and to answer."), "info")
    return redirect(url_for("entries.join.answer"), code=303)


@join.route("/", methods=["GET", "POST"])
def answer() -> Any:
    """Who invites to what; confirm or decline."""
    authorize(ALLOW)
    secret = browser.get(INVITATION, "")
    if not secret:  # answered already, or the address was typed
        flash(_("No invitation is open in this browser. What you have been invited to is listed here."), "info")
        return see_other("entries.team.index")
    try:
        row = teams.invited_member(db.session, secret=secret, now=now())
        entry = db.session.get_one(Entry, row.entry_id)
        if request.method == "GET":
            return render_template("entries/team/join.html", member=row, entry=entry, fits=row.email == actor().email.casefold())
        with atomic() as session:
            teams.answer_link(session, secret=secret, confirm=request.form.get("answer") == "confirm", actor=actor(), now=clock.now())
            state = row.state
    except DomainError as error:
        flash(str(error), "error")
        return see_other("entries.team.index")
    browser.pop(INVITATION, None)
    if state == MemberState.CONFIRMED:
        flash(_("You belong to the team now."), "success")
        return see_other("entries.team.overview", code=entry.code)
    flash(_("You have declined."), "success")
    return see_other("entries.team.index")


@bp.post("/invitations/<int:member_id>")
def answer_listed(member_id: int) -> Any:
    """Answer an invitation that the list of own entries shows."""
    authorize(ALLOW)
    row = db.session.get(EntryMember, member_id)
    if row is None or row.email != actor().email.casefold():
        raise NotFound
    with telling() as session:
        teams.answer_invitation(session, member=row, confirm=request.form.get("answer") == "confirm", actor=actor(), now=clock.now())
    return see_other("entries.team.index")
