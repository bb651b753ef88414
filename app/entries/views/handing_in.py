"""Handing in: a list of what is missing, the declaration, the receipt; and withdrawing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, flash, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.gates import require_sign_in
from app.core import clock
from app.core.authz import authorize
from app.core.db import db
from app.core.errors import DomainError, NotFound
from app.core.uow import atomic
from app.core.web import actor, found, now, see_other, telling, typed_text
from app.documents.pdf import render_pdf
from app.dynforms.checks import Fault
from app.dynforms.display import display
from app.entries.documents import receipt_page
from app.entries.errors import NotReady
from app.entries.models import Entry, EntryVersion
from app.entries.operations import handing_in
from app.entries.operations.content import canonical
from app.entries.policies import can_lead_entry, can_submit_entry, can_view_entry
from app.entries.queries.team import version_of
from app.files.names import disposition

from .loading import Team, my_entry, my_place, page_locale, ticket_of
from .team import frame

bp = Blueprint("handing_in", __name__, url_prefix="/my/entries")
bp.before_request(require_sign_in)


@bp.route("/<code>/submit", methods=["GET", "POST"])
def submit(code: str) -> Any:
    """What is still missing, each fault with a way to its field; then one button."""
    if request.method == "GET" or request.form.get("confirmed") != "yes":
        return _unconfirmed(code)
    try:
        with atomic() as session:
            entry, place = my_place(session, code, locked=True)
            authorize(can_submit_entry(actor(), entry, place))
            version = handing_in.submit_entry(
                session, entry=entry, signer=current_app.extensions["signer"], actor=actor(), now=clock.now(), ticket_at=ticket_of(entry),
            )  # fmt: skip
            number = version.number
    except NotReady as error:
        return _submit_page(*my_entry(db.session, code), error.faults, str(error)), 422
    except DomainError as error:
        return _submit_page(*my_entry(db.session, code), [], str(error)), 422
    flash(_("Handed in. Below is the receipt."), "success")
    return see_other(".receipt", code=code, number=number)


def _unconfirmed(code: str) -> Any:
    """The page before the button, and after it when the declaration was not ticked."""
    entry, members = my_entry(db.session, code)
    authorize(can_view_entry(actor(), entry, members))
    if request.method == "GET":
        return _submit_page(entry, members, handing_in.faults_of(db.session, entry, now(), page_locale()))
    authorize(can_submit_entry(actor(), entry, members))
    return _submit_page(entry, members, [], _("Please confirm that the entry is complete and true.")), 422


def _submit_page(entry: Entry, members: Team, faults: list[Fault], refused: str = "") -> str:
    links = [(fault.text, _where(entry, fault), _label(entry, fault)) for fault in faults]
    return render_template("entries/team/submit.html", **frame(entry, members), links=links, refused=refused)


def _where(entry: Entry, fault: Fault) -> str:
    if fault.section == handing_in.BASICS:
        return url_for("entries.team.basics", code=entry.code, _anchor=fault.key)
    if fault.section == handing_in.TEAM:
        return url_for("entries.members.index", code=entry.code)
    field = entry.form_version.schema.field(fault.key)
    if field is not None and field.kind == "file":
        return url_for("entries.files.field", code=entry.code, key=fault.key)
    return url_for("entries.team.section", code=entry.code, section=fault.section or "more", _anchor=f"x_{fault.key}")


def _label(entry: Entry, fault: Fault) -> str:
    field = entry.form_version.schema.field(fault.key)
    return field.label.say(page_locale()) if field else ""


@bp.get("/<code>/receipts/<int:number>")
def receipt(code: str, number: int) -> str:
    """The receipt of one version: code, time, files with digests, signature; and the content as it was received."""
    entry, members = my_entry(db.session, code)
    authorize(can_view_entry(actor(), entry, members))
    version = _version(entry, number)
    schema = version.form_version.schema
    files: dict[str, list[Any]] = {}
    for file in version.content["files"]:
        files.setdefault(file["field"], []).append(file)
    sections = display(schema, version.content["answers"], audience="team", locale=page_locale(), files=files)
    return render_template("entries/team/receipt.html", **frame(entry, members), version=version, sections=sections)


@bp.get("/<code>/receipts/<int:number>.json")
def receipt_json(code: str, number: int) -> Response:
    """The signed receipt as data, with what is needed to verify it."""
    entry, members = my_entry(db.session, code)
    authorize(can_view_entry(actor(), entry, members))
    version = _version(entry, number)
    signed = {
        "receipt": version.receipt, "signature": version.signature, "algorithm": "Ed25519 over the receipt as JSON with sorted keys, UTF-8",
        "public_key": current_app.extensions["signer"].public_key, "key_id": version.key_id,
    }  # fmt: skip
    answer = Response(canonical(signed), mimetype="application/json")
    answer.headers["Content-Disposition"] = disposition(f"receipt-{version.receipt_code}.json", inline=False)
    return answer


@bp.get("/<code>/receipts/<int:number>.pdf")
def receipt_pdf(code: str, number: int) -> Response:
    """The receipt for printing."""
    entry, members = my_entry(db.session, code)
    authorize(can_view_entry(actor(), entry, members))
    version = _version(entry, number)
    content = render_pdf("entries/documents/receipt.html", **receipt_page(entry, version, page_locale()))
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = disposition(f"receipt-{version.receipt_code}.pdf", inline=False)
    return answer


def _version(entry: Entry, number: int) -> EntryVersion:
    if number > 10**6:
        raise NotFound
    return found(version_of(db.session, entry.id, number))


@bp.post("/<code>/withdraw")
def withdraw(code: str) -> Any:
    """Take the entry out, with a reason."""
    entry, members = my_entry(db.session, code)
    authorize(can_lead_entry(actor(), entry, members))
    with telling(_("The entry has been withdrawn.")) as session:
        handing_in.withdraw_entry(session, entry=entry, reason=typed_text("reason", 1000), actor=actor(), now=clock.now())
    return see_other("entries.team.overview", code=code)
