"""Results as the public may see them: released runs only, and only the columns that the frozen rules allow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, joinedload

from app.calls.models import Stage, StageRuleVersion
from app.entries.models import Entry
from app.results.enums import AwardState, RunState
from app.results.models import Award, ResultRun, Standing


@dataclass(frozen=True)
class PublicRow:
    """One entry on a published list. What may not be shown is None."""

    code: str
    title: str
    unit: str
    rank: int | None
    score: str | None
    advances: bool
    award: str
    award_en: str


@dataclass(frozen=True)
class PublicResult:
    """The published list of one call in one stage."""

    run_id: int
    number: int
    stage: str
    stage_en: str
    call: str
    call_en: str
    call_code: str
    released_at: datetime
    digest: str
    shows_scores: bool
    shows_ranks: bool
    shows_advancing: bool
    is_correction: bool
    reason: str
    rows: tuple[PublicRow, ...]


def public_results(session: Session, edition_id: int) -> list[PublicResult]:
    """Every released result of an edition, in the order of stages and calls. Three statements, whatever the size."""
    runs = session.scalars(
        select(ResultRun)
        .join(Stage, Stage.id == ResultRun.stage_id)
        .where(ResultRun.edition_id == edition_id, ResultRun.state == RunState.RELEASED)
        .options(defer(ResultRun.inputs), defer(ResultRun.output), joinedload(ResultRun.stage), joinedload(ResultRun.call))
        .order_by(Stage.position, ResultRun.call_id)
    ).all()
    if not runs:
        return []
    versions = {
        v.id: v for v in session.scalars(select(StageRuleVersion).where(StageRuleVersion.id.in_({r.rule_version_id for r in runs})))
    }
    rows = _rows(session, [run.id for run in runs])
    return [_result(run, versions[run.rule_version_id], rows.get(run.id, [])) for run in runs]


Row = tuple[Standing, Entry, Award | None]


def _rows(session: Session, run_ids: list[int]) -> dict[int, list[Row]]:
    """Ranked entries and their awards that still hold, by run."""
    wanted = (
        select(Standing, Entry, Award)
        .join(Entry, Entry.id == Standing.entry_id)
        .outerjoin(Award, (Award.run_id == Standing.run_id) & (Award.entry_id == Entry.id) & (Award.state == AwardState.GRANTED))
        .where(Standing.run_id.in_(run_ids), Standing.rank.is_not(None))
        .options(defer(Standing.detail), defer(Entry.answers), defer(Entry.eligibility))
        .order_by(Standing.run_id, Standing.position)
    )
    found: dict[int, list[Row]] = {}
    for standing, entry, award in session.execute(wanted):
        found.setdefault(standing.run_id, []).append((standing, entry, award))
    return found


def _result(run: ResultRun, version: StageRuleVersion, rows: list[Row]) -> PublicResult:
    shown, advancing = version.rules.disclosure, version.rules.advancement.method != "none"
    listed = [_row(row, shown.public_scores, shown.public_ranks) for row in rows if _is_listed(row, shown.public_ranks)]
    if not shown.public_ranks:
        listed.sort(key=lambda row: row.code)  # the order itself would tell the rank
    return PublicResult(
        run_id=run.id, number=run.number, stage=run.stage.name, stage_en=run.stage.name_en, call=run.call.name, call_en=run.call.name_en,
        call_code=run.call.code, released_at=run.released_at or run.computed_at, digest=run.digest, shows_scores=shown.public_scores,
        shows_ranks=shown.public_ranks, shows_advancing=advancing, is_correction=run.supersedes_id is not None, reason=run.reason,
        rows=tuple(listed),
    )  # fmt: skip


def _is_listed(row: Row, ranks: bool) -> bool:
    """Without ranks only those who advance or win are named."""
    standing, _, award = row
    return ranks or standing.advances or award is not None


def _row(row: Row, scores: bool, ranks: bool) -> PublicRow:
    standing, entry, award = row
    return PublicRow(
        code=entry.public_code or "", title=entry.title, unit=entry.unit_name, rank=standing.rank if ranks else None,
        score=standing.score if scores else None, advances=standing.advances, award=award.level_name if award else "",
        award_en=(award.level_name_en or award.level_name) if award else "",
    )  # fmt: skip
