"""The team's own result and certificates. What is not released does not exist."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from app.accounts.gates import require_sign_in
from app.core.authz import authorize
from app.core.db import db
from app.core.errors import NotFound
from app.core.web import actor, found
from app.entries.policies import can_view_entry
from app.entries.queries import entry_by_code, members_of
from app.results import queries
from app.results.documents.certificates import certificate_pdf
from app.results.engine.wording import Names, criteria_names, say, say_all
from app.results.policies import can_download_certificate
from app.results.queries.team import OwnResult

from .answers import file_answer
from .loading import locale_name

bp = Blueprint("team", __name__, url_prefix="/my/entries/<entry_code>/result")
bp.before_request(require_sign_in)
certificates = Blueprint("own_certificates", __name__, url_prefix="/my/certificates")
certificates.before_request(require_sign_in)


@bp.get("")
def result(entry_code: str) -> ResponseReturnValue:
    """Own results, latest stage first, with the judges' comments where the rules share them."""
    entry = found(entry_by_code(db.session, entry_code))
    verdict = can_view_entry(actor(), entry, members_of(db.session, entry.id))
    if not verdict:
        raise NotFound
    authorize(verdict)
    results = queries.own_results(db.session, entry)
    if not results:
        raise NotFound
    g.zone = entry.call.edition.zone
    shown = [(own, *_sentences(own, entry.id)) for own in results]
    awards = queries.own_awards(db.session, entry.id)
    return render_template("results/team/result.html", entry=entry, results=shown, awards=awards, edition=entry.call.edition)


def _sentences(own: OwnResult, entry_id: int) -> tuple[list[str], str]:
    """How the score came about, with judges numbered by nothing that could be recognised, and why in or out."""
    if own.detail is None:
        return [], ""
    locale = locale_name()
    labels = {str(line.judge): "–" for line in own.detail.judges}
    names = Names(locale, {str(entry_id): ""}, labels, criteria_names(own.rules.rules, own.group, locale))
    return say_all(own.detail.steps, names), say(own.detail.why, names)


@certificates.get("/<number>.pdf")
def certificate(number: str) -> ResponseReturnValue:
    """A certificate of an entry of one's own."""
    authorize(can_download_certificate(actor()))
    row = found(queries.own_certificate(db.session, number, actor().user_id))
    return file_answer(certificate_pdf(db.session, row), "application/pdf", f"{row.number}.pdf")
