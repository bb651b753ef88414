"""Sign-off: what will be signed, proof of identity, receipts, the printed sheet."""

from __future__ import annotations

from flask import Response, current_app, flash, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.accounts.gates import require_signing_proof
from app.accounts.operations.proof import check_password
from app.core.authz import ALLOW, authorize
from app.core.db import db
from app.core.errors import NotFound
from app.core.forms import ReasonForm
from app.core.uow import atomic
from app.core.web import actor, found, now, see_other
from app.judging import policies
from app.judging.documents import sheet_pdf as make_sheet
from app.judging.enums import SheetState
from app.judging.forms import SignForm
from app.judging.operations import reopening, signing
from app.judging.queries import desk
from app.judging.queries.printing import printed_sheet
from app.judging.queries.readiness import ready_sheets

from . import bp
from .sheet import own_work


@bp.route("/seats/<int:seat_id>/sign-off", methods=["GET", "POST"])
def sign_off(seat_id: int) -> ResponseReturnValue:
    """All my sheets of a panel on one page; the ticked ones are signed after a fresh proof: the second factor, or the password."""
    authorize(ALLOW)  # the query returns only the reader's own seat
    panel, rows = found(desk.seat_rows(db.session, actor(), seat_id))
    if challenge := require_signing_proof():
        return challenge
    g.zone = panel.zone
    ready = ready_sheets(db.session, [row.assignment_id for row in rows if row.status == "draft"])
    form = SignForm()
    if actor().has_second_factor:
        del form.password  # a moment ago it was proved with more than that
    form.sheets.choices = [
        SelectChoice(f"{row.assignment_id}:{row.revision}", f"{row.code} {row.title}") for row in rows if ready.get(row.assignment_id) == ()
    ]
    if form.validate_on_submit():
        chosen = [(int(a), int(r)) for a, _, r in (value.partition(":") for value in form.sheets.data or [])]
        with form.showing_errors():
            if "password" in form:
                with atomic() as session:
                    check_password(session, user_id=actor().user_id or 0, password=form.password.data or "", now=now())
            with atomic() as session:
                signing.sign_sheets(session, assignments=chosen, signer=current_app.extensions["signer"], actor=actor(), now=now())
            flash(ngettext("%(num)s sheet is signed and locked.", "%(num)s sheets are signed and locked.", len(chosen)), "success")
            return see_other(".sign_off", seat_id=seat_id)
    status = 422 if form.errors or form.form_errors else 200
    return render_template(
        "judging/desk/sign_off.html", panel=panel, rows=rows, ready=ready, form=form, locale_name=str(get_locale()),
        url=url_for(".sign_off", seat_id=seat_id),
    ), status  # fmt: skip


@bp.get("/assignments/<int:assignment_id>/receipt")
def receipt(assignment_id: int) -> ResponseReturnValue:
    """The receipt of a signed sheet: digest, server time, signature, and whether they fit together."""
    work = own_work(assignment_id)
    if work.sheet is None or work.sheet.state != SheetState.SIGNED:
        raise NotFound
    signer = current_app.extensions["signer"]
    fits = signer.verify(signing.receipt_bytes(work.sheet.receipt), work.sheet.signature or "")
    return render_template("judging/desk/receipt.html", work=work, fits=fits, public_key=signer.public_key, locale_name=str(get_locale()))


@bp.get("/assignments/<int:assignment_id>/receipt.json")
def receipt_file(assignment_id: int) -> ResponseReturnValue:
    """The signed receipt as data, with what is needed to verify it without this site."""
    work = own_work(assignment_id)
    if work.sheet is None or work.sheet.receipt is None:
        raise NotFound
    signed = {
        "receipt": work.sheet.receipt, "signature": work.sheet.signature, "key_id": work.sheet.receipt["key_id"],
        "algorithm": "Ed25519 over the receipt as JSON with sorted keys, UTF-8", "public_key": current_app.extensions["signer"].public_key,
    }  # fmt: skip
    answer = Response(signing.receipt_bytes(signed), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="receipt-{work.sheet.receipt_code}.json"'
    return answer


@bp.get("/assignments/<int:assignment_id>/print")
def print_sheet(assignment_id: int) -> ResponseReturnValue:
    """The score sheet on paper, with lines for signatures."""
    work = own_work(assignment_id)
    page = printed_sheet(db.session, work, actor().name, str(get_locale()))
    return render_template("judging/desk/print.html", page=page, back_url=url_for(".sheet", assignment_id=assignment_id))


@bp.get("/assignments/<int:assignment_id>/print.pdf")
def sheet_pdf(assignment_id: int) -> ResponseReturnValue:
    """The same sheet as a file."""
    work = own_work(assignment_id)
    page = printed_sheet(db.session, work, actor().name, str(get_locale()))
    answer = Response(make_sheet(page), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="sheet-{page.code}.pdf"'
    return answer


@bp.post("/assignments/<int:assignment_id>/reopening")
def ask_reopening(assignment_id: int) -> ResponseReturnValue:
    """Ask that my signed sheet be opened again."""
    work = own_work(assignment_id)
    authorize(policies.can_ask_reopening(actor(), work.edition, work.seat))
    form = ReasonForm()
    if not form.validate_on_submit() or work.sheet is None:
        flash(_("Please give a reason of at least four characters."), "error")
        return see_other(".sheet", assignment_id=assignment_id)
    with atomic() as session:
        reopening.ask(session, sheet=work.sheet, reason=form.reason.data or "", actor=actor(), now=now())
    flash(_("Your request is with the organizer; a second person decides."), "success")
    return see_other(".sheet", assignment_id=assignment_id)
