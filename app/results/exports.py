"""Results as Excel files."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.documents.excel import Cell, Sheet, workbook

from .models import ResultRun
from .queries.pages import Line, RunPage, run_page


def marks_workbook(session: Session, run: ResultRun, locale: str) -> bytes:
    """The ranking, and every mark of every judge on a second sheet."""
    page = run_page(session, run, number=1, locale=locale, size=None)
    return workbook([_ranking(page), _marks(page)], note=f"{_('Digest')} {run.digest}")


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


def _marks(page: RunPage) -> Sheet:
    heads = [(_("Code"), 12), (_("Entry"), 40), (_("Judge"), 10), (_("Name"), 14), (_("Total"), 10), (_("Counts"), 12)]
    heads += [(name, 14) for name in page.criteria.values()]
    return Sheet(_("All marks"), heads, _mark_rows(page))


def _mark_rows(page: RunPage) -> Iterator[list[Cell]]:
    fates = {"kept": _("counts"), "dropped": _("dropped"), "recused": _("recused"), "absent": _("absent"), "void": _("void")}
    for line in page.lines:
        for judge, cell in zip(page.judges, line.marks, strict=True):
            if cell is not None:
                marks = [number(cell.marks.get(key)) for key in page.criteria]
                yield [line.row.code, line.row.title, judge.label, judge.name, number(cell.total), fates.get(cell.fate, cell.fate), *marks]


def number(text: str | None) -> Decimal | str | None:
    """A finite decimal as a number; what has no end stays as it is written."""
    return Decimal(text) if text and "…" not in text else text
