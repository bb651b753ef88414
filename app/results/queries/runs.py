"""Runs of an edition and their rows, as the staff read them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, defer, joinedload
from sqlalchemy.sql.base import ExecutableOption

from app.calls.models import Call, Edition, Stage, StageRuleVersion
from app.calls.rules import StageRules
from app.calls.stagekinds import JUDGED
from app.entries.models import Entry, StageEntry
from app.judging.models import Panel, Seat
from app.results.engine import StandingOut
from app.results.models import ResultOrder, ResultRun, Standing

from .orders import undone_orders

PAGE = 100


@dataclass(frozen=True)
class Cell:
    """A call in a stage: how many entries take part, its runs (newest first), and a computation under way or failed after them."""

    stage: Stage
    call: Call
    entries: int
    runs: tuple[ResultRun, ...]
    order: ResultOrder | None = None

    @property
    def latest(self) -> ResultRun | None:
        return self.runs[0] if self.runs else None


@dataclass(frozen=True)
class RunRow:
    """A line of a run with what is needed to name the entry."""

    entry_id: int
    code: str
    title: str
    unit: str
    position: int
    rank: int | None
    score: str | None
    status: str
    advances: bool
    award_key: str | None
    detail: StandingOut


def overview(session: Session, edition: Edition) -> list[Cell]:
    """Every judged stage with its calls that have entries. Four statements."""
    counts = session.execute(
        select(StageEntry.stage_id, Entry.call_id, func.count())
        .join(Entry, Entry.id == StageEntry.entry_id)
        .where(Entry.edition_id == edition.id, StageEntry.left_at.is_(None))
        .group_by(StageEntry.stage_id, Entry.call_id)
    ).all()
    number = {(row[0], row[1]): int(row[2]) for row in counts}
    runs: dict[tuple[int, int], list[ResultRun]] = {}
    wanted = select(ResultRun).where(ResultRun.edition_id == edition.id).options(*_light()).order_by(ResultRun.number.desc())
    for run in session.scalars(wanted):
        runs.setdefault((run.stage_id, run.call_id), []).append(run)
    pairs = session.execute(
        select(Stage, Call)
        .join(Call, Call.edition_id == Stage.edition_id)
        .where(Stage.edition_id == edition.id, Stage.kind.in_([kind.value for kind in JUDGED]))
        .order_by(Stage.position, Call.position, Call.id)
    ).all()
    orders = undone_orders(session, edition)
    cells = [Cell(s, c, number.get((s.id, c.id), 0), tuple(runs.get((s.id, c.id), ())), orders.get((s.id, c.id))) for s, c in pairs]
    return [cell for cell in cells if cell.entries or cell.runs]


def run_in(session: Session, edition: Edition, run_id: int) -> ResultRun | None:
    """A run of this edition with its stage and call; a run of another edition does not exist here."""
    return session.scalar(
        select(ResultRun)
        .where(ResultRun.id == run_id, ResultRun.edition_id == edition.id)
        .options(defer(ResultRun.inputs), defer(ResultRun.output), joinedload(ResultRun.stage), joinedload(ResultRun.call))
    )


def other_runs(session: Session, run: ResultRun) -> list[ResultRun]:
    """All runs of the same stage and call, newest first."""
    same = (ResultRun.stage_id == run.stage_id, ResultRun.call_id == run.call_id)
    return list(session.scalars(select(ResultRun).where(*same).options(*_light()).order_by(ResultRun.number.desc())))


def run_rows(session: Session, run_id: int, *, limit: int | None = None, offset: int = 0) -> list[RunRow]:
    """The lines of a run in the order of the ranking. One statement."""
    wanted = (
        select(Standing, Entry.public_code, Entry.title, Entry.unit_name)
        .join(Entry, Entry.id == Standing.entry_id)
        .where(Standing.run_id == run_id)
        .order_by(Standing.position)
    )
    if limit is not None:
        wanted = wanted.limit(limit).offset(offset)
    return [_row(*row) for row in session.execute(wanted)]


def row_count(session: Session, run_id: int) -> int:
    return session.scalar(select(func.count()).where(Standing.run_id == run_id)) or 0


def entry_codes(session: Session, run_id: int, only: Collection[int] | None = None) -> dict[str, str]:
    """Public codes of the entries of a run (or only of those named) by id, for its sentences."""
    wanted = select(Standing.entry_id, Entry.public_code).join(Entry, Entry.id == Standing.entry_id).where(Standing.run_id == run_id)
    rows = session.execute(wanted if only is None else wanted.where(Standing.entry_id.in_(only)))
    return {str(row.entry_id): row.public_code or str(row.entry_id) for row in rows}


def seats_of(session: Session, ids: Sequence[int]) -> Sequence[Row[int, str, str, str]]:
    """Id, name and panel (in both languages) of the judges' seats, in their order."""
    wanted = select(Seat.id, Seat.name, Panel.name.label("panel"), Panel.name_en.label("panel_en"))
    return session.execute(wanted.join(Panel, Panel.id == Seat.panel_id).where(Seat.id.in_(ids)).order_by(Seat.panel_id, Seat.id)).all()


def judge_ids(session: Session, run_id: int) -> list[int]:
    """Seats that appear in the run, read from its first rows' traces."""
    return sorted({line.judge for row in run_rows(session, run_id) for line in row.detail.judges})


def rules_of(session: Session, run: ResultRun) -> StageRules:
    """The frozen rules by which the run was computed."""
    return session.get_one(StageRuleVersion, run.rule_version_id).rules


def _row(standing: Standing, code: str | None, title: str, unit: str) -> RunRow:
    return RunRow(
        entry_id=standing.entry_id, code=code or str(standing.entry_id), title=title, unit=unit, position=standing.position,
        rank=standing.rank, score=standing.score, status=standing.status, advances=standing.advances, award_key=standing.award_key,
        detail=msgspec.convert(standing.detail, StandingOut),
    )  # fmt: skip


def _light() -> tuple[ExecutableOption, ...]:
    return defer(ResultRun.inputs), defer(ResultRun.output)
