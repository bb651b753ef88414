"""The rule dossier as it would be published now, and the versions that were."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from app.calls.documents import dossier_pdf
from app.calls.dossier import dossier_text
from app.calls.queries import calls_in, dossiers_of, stages_in
from app.core.db import db
from app.core.web import found

from .loading import watched_edition


def routes(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/<code>/dossier", "dossier", dossier)
    blueprint.add_url_rule("/<code>/dossier/<int:number>.pdf", "dossier_pdf", pdf)


def dossier(code: str) -> ResponseReturnValue:
    """What the configuration says, as people will read it."""
    edition = watched_edition(code)
    text = dossier_text(edition, calls_in(db.session, edition), stages_in(db.session, edition))
    return render_template("calls/manage/dossier.html", edition=edition, text=text, versions=dossiers_of(db.session, edition))


def pdf(code: str, number: int) -> ResponseReturnValue:
    """A published version as PDF."""
    edition = watched_edition(code)
    version = found(next((v for v in dossiers_of(db.session, edition) if v.number == number), None))
    headers = {"Content-Disposition": f'inline; filename="{edition.code}-rules-v{number}.pdf"'}
    return Response(dossier_pdf(edition, version), mimetype="application/pdf", headers=headers)
