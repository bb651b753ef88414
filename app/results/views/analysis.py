"""How far the judges agree and how sure the ranks are: information beside a run, never part of it."""

from __future__ import annotations

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.core.authz import authorize
from app.core.db import db
from app.core.web import actor
from app.results.policies import can_read_results
from app.results.queries.analysing import analysis_page

from .loading import frame, locale_name, run_for_staff
from .manage import bp


@bp.get("/<int:run_id>/analysis")
def analysis(code: str, run_id: int) -> ResponseReturnValue:
    """Agreement, severity, corrected scores beside the raw ones, confidence of ranks."""
    edition, run = run_for_staff(code, run_id)
    authorize(can_read_results(actor(), edition))
    tag = f"{run.digest[:16]}-analysis-{locale_name()}-{actor().user_id}-{run.state}"
    if request.if_none_match.contains(tag):
        answer = Response(status=304)
    else:
        page = analysis_page(db.session, run, locale_name())
        answer = make_response(render_template("results/manage/analysis.html", run=run, page=page, **frame(edition)))
    answer.set_etag(tag)
    return answer
