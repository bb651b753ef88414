"""Awards and certificates of an edition: issue one or all, revoke, download."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.accounts.gates import require_sign_in
from app.calls.models import Edition
from app.core.authz import authorize
from app.core.clock import local_date
from app.core.db import db
from app.core.errors import NotFound
from app.core.uow import atomic
from app.core.web import actor, found, now, see_other
from app.documents.operations import remove_seal, set_seal
from app.documents.queries import seal_blob
from app.downloads.views import order
from app.files.limits import MEGABYTE, Limits
from app.files.operations.storing import store_upload
from app.results import queries
from app.results.documents.certificates import certificate_pdf
from app.results.documents.files import BOOKLET, ZIP, valid_certificates
from app.results.errors import SealMissing
from app.results.forms import RevokeForm, StepForm
from app.results.operations.certificates import LOCALES, issue_certificate, issue_missing, reissue_certificate, revoke_certificate
from app.results.policies import can_issue_certificates, can_publish_notice, can_read_results

from .answers import file_answer
from .loading import edition_for_staff, frame

bp = Blueprint("certificates", __name__, url_prefix="/manage/<code>/certificates")
bp.before_request(require_sign_in)
LANGUAGE_NAMES = {"zh_CN": "中文", "en": "English"}
SEAL_LIMITS = Limits(types=("png",), max_bytes=MEGABYTE)


@bp.get("/")
def index(code: str) -> ResponseReturnValue:
    edition = edition_for_staff(code)
    authorize(can_read_results(actor(), edition))
    return _page(edition)


def _page(edition: Edition, form: object = None, status: int = 200) -> ResponseReturnValue:
    rows = queries.awards_of_edition(db.session, edition)
    has_seal = seal_blob(db.session, edition.host_id) is not None
    unnoticed, until = queries.unsettled_notices(db.session, edition, local_date(now(), edition.zone))
    issued = [locale for locale in LOCALES if any(row.valid(locale) for row in rows)]
    return render_template(
        "results/manage/certificates.html",
        rows=rows,
        issued=issued,
        form=form,
        has_seal=has_seal,
        unnoticed=unnoticed,
        until=until,
        **frame(edition),
    ), status


@bp.post("/issue/<locale>")
def issue_all(code: str, locale: str) -> ResponseReturnValue:
    """A certificate in this language for every award that has none."""
    edition = edition_for_staff(code)
    authorize(can_issue_certificates(actor(), edition))
    form = StepForm()
    if form.validate_on_submit():
        with form.showing_errors():
            with atomic() as session:
                awards = queries.granted_awards(session, edition)
                made = issue_missing(session, awards=awards, locale=_known(locale), actor=actor(), now=now())
            flash(ngettext("%(num)s certificate issued.", "%(num)s certificates issued.", len(made)), "success")
            return see_other(".index", code=code)
    return _page(edition_for_staff(code), form, 422)


@bp.post("/awards/<int:award_id>/<locale>")
def issue(code: str, award_id: int, locale: str) -> ResponseReturnValue:
    edition = edition_for_staff(code)
    authorize(can_issue_certificates(actor(), edition))
    award = found(queries.award_in(db.session, edition, award_id))
    form = StepForm()
    if form.validate_on_submit():
        with form.showing_errors():
            with atomic() as session:
                issue_certificate(session, award=award, locale=_known(locale), actor=actor(), now=now())
            return see_other(".index", code=code)
    return _page(edition_for_staff(code), form, 422)


@bp.post("/<int:certificate_id>/revoke")
def revoke(code: str, certificate_id: int) -> ResponseReturnValue:
    """Revoke, and where asked issue a corrected one under a new number in the same step."""
    edition = edition_for_staff(code)
    authorize(can_issue_certificates(actor(), edition))
    certificate = found(queries.certificate_in(db.session, edition, certificate_id))
    form = RevokeForm()
    if form.validate_on_submit():
        act = reissue_certificate if form.reissue.data == "yes" else revoke_certificate
        with form.showing_errors():
            with atomic() as session:
                act(session, certificate=certificate, reason=form.reason.data or "", actor=actor(), now=now())
            flash(_("The certificate has been revoked; its verification page says so."), "success")
            return see_other(".index", code=code)
    return _page(edition_for_staff(code), form, 422)


@bp.get("/<int:certificate_id>.pdf")
def pdf(code: str, certificate_id: int) -> ResponseReturnValue:
    edition = edition_for_staff(code)
    authorize(can_read_results(actor(), edition))
    certificate = found(queries.certificate_in(db.session, edition, certificate_id))
    return file_answer(certificate_pdf(db.session, certificate), "application/pdf", f"{certificate.number}.pdf", inline=True)


@bp.post("/all/<locale>/<what>")
def order_all(code: str, locale: str, what: str) -> ResponseReturnValue:
    """All valid certificates of a language: ``zip`` holds single files, ``booklet`` is one file for the printer."""
    edition = edition_for_staff(code)
    authorize(can_read_results(actor(), edition))
    if what not in ALL_OF_THEM or not valid_certificates(db.session, edition, _known(locale)):
        raise NotFound
    kind, title = ALL_OF_THEM[what]
    return order(kind.name, {"edition_id": edition.id, "locale": locale}, f"{title} {edition.code} {LANGUAGE_NAMES[locale]}", edition.id)


ALL_OF_THEM = {"zip": (ZIP, _l("All certificates")), "booklet": (BOOKLET, _l("Certificates for the printer"))}


@bp.post("/seal")
def seal(code: str) -> ResponseReturnValue:
    """The host's seal image for certificates and notices: a PNG, best with a clear background."""
    edition = edition_for_staff(code)
    authorize(can_publish_notice(actor(), edition))
    form, upload = StepForm(), request.files.get("seal")
    if form.validate_on_submit():
        with form.showing_errors():
            if upload is None or not upload.filename:
                raise SealMissing
            with atomic() as session:
                blob = store_upload(session, upload=upload, limits=SEAL_LIMITS, actor=actor(), now=now())
                set_seal(session, organization=edition.host, blob=blob, actor=actor(), now=now())
            flash(_("The seal is printed on certificates from now on."), "success")
            return see_other(".index", code=code)
    return _page(edition_for_staff(code), form, 422)


@bp.post("/seal/remove")
def unseal(code: str) -> ResponseReturnValue:
    """Leave the space free for a stamp by hand."""
    edition = edition_for_staff(code)
    authorize(can_publish_notice(actor(), edition))
    form = StepForm()
    if form.validate_on_submit():
        with form.showing_errors():
            with atomic() as session:
                remove_seal(session, organization=edition.host, actor=actor(), now=now())
            return see_other(".index", code=code)
    return _page(edition_for_staff(code), form, 422)


def _known(locale: str) -> str:
    if locale not in LOCALES:
        raise NotFound
    return locale
