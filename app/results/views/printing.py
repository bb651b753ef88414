"""A run as PDF, Excel and plots."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue

from app.audit.operations import note_reading
from app.core.authz import authorize
from app.core.db import db
from app.core.uow import atomic
from app.core.web import actor, now
from app.results import queries
from app.results.documents.charts import chart as draw
from app.results.documents.lists import ranking_pdf as make_ranking
from app.results.documents.lists import summary_pdf as make_summary
from app.results.exports import marks_workbook
from app.results.policies import can_read_results
from app.results.queries.pages import columns_of

from .answers import XLSX, file_answer
from .loading import locale_name, run_for_staff
from .manage import bp

SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@bp.get("/<int:run_id>/ranking.pdf")
def ranking_pdf(code: str, run_id: int) -> ResponseReturnValue:
    edition, run = run_for_staff(code, run_id)
    authorize(can_read_results(actor(), edition))
    return file_answer(make_ranking(db.session, edition, run, locale_name()), "application/pdf", f"{edition.code}-ranking-{run.id}.pdf")


@bp.get("/<int:run_id>/summary.pdf")
def summary_pdf(code: str, run_id: int) -> ResponseReturnValue:
    edition, run = run_for_staff(code, run_id)
    authorize(can_read_results(actor(), edition))
    return file_answer(make_summary(db.session, edition, run, locale_name()), "application/pdf", f"{edition.code}-scores-{run.id}.pdf")


@bp.get("/<int:run_id>/marks.xlsx")
def marks_xlsx(code: str, run_id: int) -> ResponseReturnValue:
    edition, run = run_for_staff(code, run_id)
    authorize(can_read_results(actor(), edition))
    with atomic() as session:
        note_reading(session, subject="result_run", subject_id=run.id, edition_id=edition.id, actor=actor(), now=now(), export="marks")
    return file_answer(marks_workbook(db.session, run, locale_name()), XLSX, f"{edition.code}-marks-{run.id}.xlsx")


@bp.get("/<int:run_id>/charts/<name>.svg")
def chart(code: str, run_id: int, name: str) -> ResponseReturnValue:
    """A plot; it never changes for a run, so the browser asks only whether it has it."""
    edition, run = run_for_staff(code, run_id)
    authorize(can_read_results(actor(), edition))
    tag = f"{run.digest[:16]}-{name}-{locale_name()}"
    if request.if_none_match.contains(tag):
        answer = Response(status=304)
    else:
        columns = columns_of(db.session, run, locale_name())
        labels = {column.id: column.panel if name == "panels" else column.label for column in columns}
        codes = {int(key): value for key, value in queries.entry_codes(db.session, run.id).items()}
        answer = Response(draw(name, run.output, labels, codes), mimetype="image/svg+xml")
    answer.set_etag(tag)
    answer.headers["Content-Security-Policy"] = SVG_POLICY
    return answer
