"""The figures behind a run, named for the reader."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.judging.models import Conflict, Panel, Seat
from app.judging.queries.conflicts import found_conflicts
from app.results.engine import Inputs, Summary
from app.results.engine.analysis import FORMAT, analyse
from app.results.engine.figures import Analysis, EntryFigures, JudgeFigures
from app.results.engine.wording import Names, say, say_all
from app.results.models import ResultRun, RunAnalysis, Standing

from .pages import JudgeColumn, columns_of
from .runs import PAGE, entry_codes
from .trusting import kept_analysis

AT_ONCE = 60
"""Runs of so many entries are analysed while the page waits, when the job has not done it yet: some hundredths of a second."""


@dataclass(frozen=True)
class AnalysisPage:
    """Figures with codes and labels instead of ids, cautions as sentences. ``widest``: the largest severity drawn, in hundredths."""

    analysis: Analysis
    judges: list[tuple[JudgeColumn | None, JudgeFigures, list[str]]]
    entries: list[tuple[str, EntryFigures]]
    pairs: list[str]
    warnings: list[str]
    refusals: list[str]
    uncorrected: str
    widest: int
    number: int
    pages: int

    @property
    def remarks(self) -> int:
        """How many questions about judges there are."""
        return len(self.pairs) + sum(len(cautions) for _, _, cautions in self.judges)


def runs_without_analysis(session: Session, *, most: int = 200) -> list[int]:
    """The newest runs whose figures are missing or of an older format."""
    known = select(RunAnalysis.run_id).where(RunAnalysis.format == FORMAT)
    return list(session.scalars(select(ResultRun.id).where(ResultRun.id.not_in(known)).order_by(ResultRun.id.desc()).limit(most)))


def analysed(session: Session, run: ResultRun) -> Analysis:
    """Work the figures out, from the inputs of the run and the ties between its judges and entries."""
    inputs = msgspec.convert(run.inputs, Inputs)
    ties = _ties(session, [row.id for row in inputs.judges])
    ranked = select(Standing.entry_id, Standing.rank).where(Standing.run_id == run.id, Standing.rank.is_not(None))
    ranks = {row.entry_id: row.rank for row in session.execute(ranked)}
    return analyse(inputs, k=_places(msgspec.convert(run.summary, Summary), len(ranks)), related=ties, ranks=ranks)


def _ties(session: Session, seats: list[int]) -> set[tuple[int, int]]:
    """Pairs (entry, seat) that a known or declared conflict joins: the entries of a judge's own unit, above all."""
    panels = session.scalars(select(Panel).where(Panel.id.in_(select(Seat.panel_id).where(Seat.id.in_(seats)))))
    ties = {(entry, seat) for panel in panels for seat, entry, _source in found_conflicts(session, panel)}
    declared = session.execute(select(Conflict.entry_id, Conflict.seat_id).where(Conflict.seat_id.in_(seats)))
    return ties | {(entry, seat) for entry, seat in declared}


def analysis_of(session: Session, run: ResultRun) -> Analysis | None:
    """The kept figures, or those of a small run at once; None while a large run waits for its job."""
    kept = kept_analysis(session, run.id)
    if kept is None and msgspec.convert(run.summary, Summary).total <= AT_ONCE:
        return analysed(session, run)
    return kept


def _places(head: Summary, ranked: int) -> int:
    """Places of the cut line, else of all awards, or of the better ones where every entry has one; else a third of the ranked."""
    holding = accumulate(len(row.entries) for row in head.awards)
    lines = (head.cut.passed, *reversed(list(holding)))
    return next((line for line in lines if 0 < line < ranked), max(1, ranked // 3))


def analysis_page(session: Session, run: ResultRun, locale: str, *, number: int = 1) -> AnalysisPage | None:
    """Everything on the page of figures, with the entries of one page of the ranking; None while they are being worked out."""
    made = analysis_of(session, run)
    if made is None:
        return None
    columns = {column.id: column for column in columns_of(session, run, locale)}
    shown = made.entries[(number - 1) * PAGE : number * PAGE]
    mentioned = {int(step.values["entry"]) for step in made.warnings if "entry" in step.values}
    codes = entry_codes(session, run.id, {row.entry for row in shown} | mentioned)
    names = Names(locale, codes, {str(column.id): str(number) for number, column in enumerate(columns.values(), start=1)})
    return AnalysisPage(
        made,
        [(columns.get(row.judge), row, say_all(row.cautions, names)) for row in made.judges],
        [(codes.get(str(row.entry), ""), row) for row in shown],
        say_all(made.pairs, names),
        say_all(made.warnings, names),
        say_all(made.refusals, names),
        say(made.uncorrected, names) if made.uncorrected is not None else "",
        max([100, *(max(abs(row.low), abs(row.high)) for row in made.judges)]),
        number,
        max(1, -(-len(made.entries) // PAGE)),
    )
