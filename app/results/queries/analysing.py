"""The figures behind a run, named for the reader."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from sqlalchemy.orm import Session

from app.results.engine import Inputs
from app.results.engine.analysis import Analysis, EntryFigures, JudgeFigures, analyse
from app.results.engine.wording import Names, say_all
from app.results.models import ResultRun

from .pages import columns_of
from .runs import entry_codes


@dataclass(frozen=True)
class AnalysisPage:
    """Figures with codes and labels instead of ids, cautions as sentences."""

    analysis: Analysis
    judges: list[tuple[str, str, JudgeFigures, list[str]]]
    entries: list[tuple[str, EntryFigures]]
    warnings: list[str]


def analysis_page(session: Session, run: ResultRun, locale: str) -> AnalysisPage:
    """``k`` is the number of places of the cut line, else of all awards, else a third of the entries."""
    output = run.output
    made = analyse(msgspec.convert(run.inputs, Inputs), k=_places(output))
    columns = columns_of(session, run, locale)
    labels = {column.id: (column.label, column.name) for column in columns}
    codes = entry_codes(session, run.id)
    names = Names(locale, codes, {str(column.id): str(number) for number, column in enumerate(columns, start=1)})
    return AnalysisPage(
        made,
        [(*labels.get(row.judge, ("", "")), row, say_all(list(row.cautions), names)) for row in made.judges],
        [(codes.get(str(row.entry), ""), row) for row in made.entries],
        say_all(list(made.warnings), names),
    )


def _places(output: dict[str, dict[str, int] | list[dict[str, list[int]]]]) -> int:
    cut, awards, standings = output["cut"], output["awards"], output["standings"]
    passed = cut["passed"] if isinstance(cut, dict) else 0
    granted = sum(len(row["entries"]) for row in awards) if isinstance(awards, list) else 0
    return passed or granted or max(1, len(standings) // 3)
