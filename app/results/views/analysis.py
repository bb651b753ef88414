"""How far the judges agree and how sure the ranks are: information beside a run, never part of it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.authz import authorize
from app.core.db import db
from app.core.web import actor, page_number
from app.results.engine.analysis import FORMAT
from app.results.policies import can_read_results
from app.results.queries.analysing import analysis_page

from .loading import frame, locale_name, run_for_staff
from .manage import bp


@bp.get("/<int:run_id>/analysis")
def analysis(code: str, run_id: int) -> ResponseReturnValue:
    """Agreement, severity, corrected scores beside the raw ones, confidence of ranks."""
    edition, run = run_for_staff(code, run_id)
    authorize(can_read_results(actor(), edition))
    number = page_number()
    tag = f"{run.digest[:16]}-{FORMAT}-{locale_name()}-{actor().user_id}-{run.state}-{number}"
    if request.if_none_match.contains(tag):
        answer = Response(status=304)
        answer.set_etag(tag)
        return answer
    page = analysis_page(db.session, run, locale_name(), number=number)
    context = {"run": run, "page": page, "page_url": _page_url(code, run_id), **frame(edition)}
    answer = make_response(render_template("results/manage/analysis.html", **context))
    if page is not None:
        answer.set_etag(tag)
    return answer


def _page_url(code: str, run_id: int) -> Callable[[int], str]:
    return lambda number: url_for("results.manage.analysis", code=code, run_id=run_id, page=number, _anchor="order")
