"""A run as PDF, Excel and plots."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.gates import require_recent_sign_in
from app.audit.operations import note_reading
from app.calls.models import Edition
from app.core.authz import authorize
from app.core.db import db
from app.core.errors import NotFound
from app.core.uow import atomic
from app.core.web import actor, now, see_other
from app.downloads.views import order
from app.results.documents.charts import chart as draw
from app.results.documents.files import RANKING, SUMMARY, is_long
from app.results.documents.lists import ranking_pdf as make_ranking
from app.results.documents.lists import summary_pdf as make_summary
from app.results.exports import MARKS_CSV, MARKS_XLSX, marks_csv, marks_workbook
from app.results.models import ResultRun
from app.results.operations.exporting import note_scores_export
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
    if is_long(run):
        return _order_instead(code, run)
    return file_answer(make_ranking(db.session, edition, run, locale_name()), "application/pdf", f"{edition.code}-ranking-{run.id}.pdf")


@bp.get("/<int:run_id>/summary.pdf")
def summary_pdf(code: str, run_id: int) -> ResponseReturnValue:
    return _all_scores(code, run_id, "summary", lambda edition, run: make_summary(db.session, edition, run, locale_name()))


@bp.get("/<int:run_id>/marks.xlsx")
def marks_xlsx(code: str, run_id: int) -> ResponseReturnValue:
    return _all_scores(code, run_id, "marks", lambda _edition, run: marks_workbook(db.session, run, locale_name()))


@bp.get("/<int:run_id>/marks.csv")
def marks_csv_file(code: str, run_id: int) -> ResponseReturnValue:
    return _all_scores(code, run_id, "csv", lambda _edition, run: marks_csv(db.session, run, locale_name()))


@bp.post("/<int:run_id>/files/<what>")
def order_file(code: str, run_id: int, what: str) -> ResponseReturnValue:
    """A long file, made in the background."""
    edition, run = run_for_staff(code, run_id)
    authorize(can_read_results(actor(), edition))
    if what not in LONG_FILES:
        raise NotFound
    kind, title = LONG_FILES[what]
    return order(kind.name, {"run_id": run.id}, f"{title} {edition.code} {run.number}", edition.id)


def _order_instead(code: str, run: ResultRun) -> ResponseReturnValue:
    flash(_("This list is long; please order its files below. They are made in the background."), "info")
    return see_other(".run", code=code, run_id=run.id)


LONG_FILES = {
    "ranking": (RANKING, _l("Ranking list")), "summary": (SUMMARY, _l("Score summary")), "marks": (MARKS_XLSX, _l("All marks")),
    "csv": (MARKS_CSV, _l("All marks")),
}  # fmt: skip
#: Kind of the file with all scores → its type, the name's part and the ending.
FILES = {"summary": ("application/pdf", "scores", "pdf"), "marks": (XLSX, "marks", "xlsx"), "csv": ("text/csv", "marks", "csv")}


def _all_scores(code: str, run_id: int, kind: str, make: Callable[[Edition, ResultRun], bytes]) -> ResponseReturnValue:
    """A file with every judge's marks: only for whoever has just proved who they are, and never without a receipt in the journal."""
    edition, run = run_for_staff(code, run_id)
    authorize(can_read_results(actor(), edition))
    if challenge := require_recent_sign_in():
        return challenge
    if is_long(run):
        return _order_instead(code, run)
    content, (mimetype, word, ending) = make(edition, run), FILES[kind]
    with atomic() as session:
        note_scores_export(session, run=run, kind=kind, content=content, actor=actor(), now=now())
        note_reading(session, subject="result_run", subject_id=run.id, edition_id=edition.id, actor=actor(), now=now(), export=kind)
    return file_answer(content, mimetype, f"{edition.code}-{word}-{run.id}.{ending}")


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
        answer = Response(draw(name, run.output, labels), mimetype="image/svg+xml")
    answer.set_etag(tag)
    answer.headers["Content-Security-Policy"] = SVG_POLICY
    return answer
