"""Results as Excel and CSV files, in the request where they are short and in the background where they are long."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.calls.models import Edition
from app.core.authz import Actor, Verdict, deny
from app.documents.csvfile import CONTENT_TYPE as CSV
from app.documents.csvfile import Cell, csv_lines
from app.documents.excel import Sheet, workbook, write_workbook
from app.downloads.kinds import Kind, Params, Report, offer

from .models import ResultRun
from .policies import can_read_results
from .queries.pages import JudgeColumn, Line, RunPage, columns_of, criteria_of, run_page
from .queries.reviews import Reviewed, SheetLine, reviews

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def marks_workbook(session: Session, run: ResultRun, locale: str) -> bytes:
    """The ranking, and every mark of every judge on a second sheet."""
    page = run_page(session, run, number=1, locale=locale, size=None)
    names = _Names(session, run, locale)
    return workbook([_ranking(page), names.sheet(session, run)], note=" ".join((_("Digest"), run.digest)))


def marks_csv(session: Session, run: ResultRun, locale: str) -> bytes:
    """Every mark of every judge."""
    names = _Names(session, run, locale)
    return b"".join(csv_lines([head for head, _width in names.heads], names.rows(reviews(session, run.id))))


def _ranking(page: RunPage) -> Sheet:
    heads = [(_("Rank"), 6), (_("Code"), 12), (_("Entry"), 40), (_("Unit"), 30), (_("Score"), 10), (_("Sheets"), 8), (_("Advances"), 10),
             (_("Award"), 14), (_("Why"), 50)]  # fmt: skip
    return Sheet(_("Ranking"), heads, (_ranking_row(line) for line in page.lines))


def _ranking_row(line: Line) -> list[Cell]:
    row = line.row
    return [
        row.rank,
        row.code,
        row.title,
        row.unit,
        number(row.score),
        row.detail.valid,
        _("Yes") if row.advances else "",
        line.award,
        line.why,
    ]


class _Names:
    """The words of a file of marks: heads, judges, what became of a sheet."""

    def __init__(self, session: Session, run: ResultRun, locale: str) -> None:
        self.judges: dict[int, JudgeColumn] = {column.id: column for column in columns_of(session, run, locale)}
        self.criteria = criteria_of(session, run, locale)
        self.fates = {
            "kept": _("counts"), "dropped": _("dropped"), "recused": _("recused"), "absent": _("absent"), "void": _("void"),
        }  # fmt: skip
        self.heads = [
            (_("Code"), 12),
            (_("Entry"), 40),
            (_("Judge"), 10),
            (_("Name of the person"), 14),
            (_("Total"), 10),
            (_("Counts"), 12),
        ]
        self.heads += [(name, 14) for name in self.criteria.values()]

    def rows(self, entries: Iterator[Reviewed]) -> Iterator[list[Cell]]:
        keys, place = list(self.criteria), {seat: n for n, seat in enumerate(self.judges)}
        for entry in entries:
            for line in sorted(entry.sheets, key=lambda line: place.get(line.judge, 0)):
                judge = self.judges[line.judge]
                yield [entry.code, entry.title, judge.label, judge.name, number(line.total), self._fate(line),
                       *(number(line.marks.get(key)) for key in keys)]  # fmt: skip

    def _fate(self, line: SheetLine) -> str:
        return self.fates.get(line.fate, line.fate)

    def sheet(self, session: Session, run: ResultRun, report: Callable[[int], None] = lambda _done: None) -> Sheet:
        return Sheet(_("All marks"), self.heads, self.rows(reviews(session, run.id, report)))


def number(text: str | None) -> Decimal | str | None:
    """A finite decimal as a number; what has no end stays as it is written."""
    return _decimal(text) if text and "…" not in text else text


@functools.lru_cache(maxsize=4096)
def _decimal(text: str) -> Decimal:
    """A mark is one of few; making each once is most of the speed."""
    return Decimal(text)


# --- long files --------------------------------------------------------------------------------------------------------


def may_have_run(session: Session, actor: Actor, params: Params) -> Verdict:
    """Whoever may read results of the edition, as long as the run is there."""
    run = session.get(ResultRun, params["run_id"])
    edition = session.get(Edition, run.edition_id) if run is not None else None
    return can_read_results(actor, edition) if edition is not None else deny(_("This result is not there any more."))


def _make_xlsx(session: Session, params: Params, locale: str, target: Path, report: Report) -> None:
    run = session.get_one(ResultRun, params["run_id"])
    page = run_page(session, run, number=1, locale=locale, size=None)
    sheets = [_ranking(page), _Names(session, run, locale).sheet(session, run, lambda done: report(done, page.total))]
    write_workbook(str(target), sheets, note=" ".join((_("Digest"), run.digest)))


def _make_csv(session: Session, params: Params, locale: str, target: Path, report: Report) -> None:
    run = session.get_one(ResultRun, params["run_id"])
    names, total = _Names(session, run, locale), int(run.summary["total"])
    pieces = csv_lines([head for head, _width in names.heads], names.rows(reviews(session, run.id, lambda done: report(done, total))))
    with target.open("wb") as out:
        out.writelines(pieces)


STAFF = "staff and supervisors, after the stage is sealed"
MARKS_XLSX = offer(Kind("results.marks_xlsx", "xlsx", XLSX, _make_xlsx, may_have_run, STAFF, holds_scores=True))
MARKS_CSV = offer(Kind("results.marks_csv", "csv", CSV, _make_csv, may_have_run, STAFF, holds_scores=True))
