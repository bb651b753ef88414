"""What the kept figures of a run say about its line, in a few words for the page of the run itself. Nothing is worked out here."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from sqlalchemy.orm import Session

from app.results.engine.analysis import FORMAT
from app.results.engine.figures import Analysis, EntryFigures
from app.results.engine.wording import Names, say
from app.results.models import RunAnalysis


def kept_analysis(session: Session, run_id: int) -> Analysis | None:
    """What the job has kept in the present format."""
    kept = session.get(RunAnalysis, run_id)
    return msgspec.convert(kept.content, Analysis) if kept is not None and kept.format == FORMAT else None


@dataclass(frozen=True)
class Edge:
    """The entries on both sides of the line, and those that a correction for severity would bring in or put out."""

    last_in: EntryFigures | None
    first_out: EntryFigures | None
    moved_in: list[EntryFigures]
    moved_out: list[EntryFigures]

    @property
    def entries(self) -> set[int]:
        """Their ids."""
        ends = [row for row in (self.last_in, self.first_out) if row is not None]
        return {row.entry for row in (*ends, *self.moved_in, *self.moved_out)}


@dataclass(frozen=True)
class Trust:
    """The analysis in a few figures, with codes instead of ids."""

    analysis: Analysis
    last_in: tuple[str, EntryFigures] | None
    first_out: tuple[str, EntryFigures] | None
    uncorrected: str
    moved_in: list[str]
    moved_out: list[str]


def edge_of(made: Analysis) -> Edge:
    """Who stands at the line of the first ``k``."""
    inside = [row for row in made.entries if row.rank <= made.k]
    outside = [row for row in made.entries if row.rank > made.k]
    return Edge(
        inside[-1] if inside else None,
        outside[0] if outside else None,
        [row for row in outside if row.adjusted_rank is not None and row.adjusted_rank <= made.k],
        [row for row in inside if row.adjusted_rank is not None and row.adjusted_rank > made.k],
    )


def trust_in(made: Analysis, edge: Edge, names: Names) -> Trust | None:
    """The same in the words of the page; None for a run whose marks allow no figures."""
    if not made.entries:
        return None

    def named(row: EntryFigures | None) -> tuple[str, EntryFigures] | None:
        return None if row is None else (names.entry(str(row.entry)), row)

    return Trust(
        made,
        named(edge.last_in),
        named(edge.first_out),
        say(made.uncorrected, names) if made.uncorrected is not None else "",
        [names.entry(str(row.entry)) for row in edge.moved_in],
        [names.entry(str(row.entry)) for row in edge.moved_out],
    )
