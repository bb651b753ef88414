"""Results as the public may see them: released runs only, and only the columns that the frozen rules allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, ScalarSelect, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.calls.models import Call, Edition, Stage, StageRuleVersion
from app.entries.models import Entry
from app.judging.models import AssignmentPlan, Panel
from app.results.enums import AwardState, RunState
from app.results.models import Award, ResultRun, Standing

LONGEST = 2**31 - 1


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
    """The published list of one call in one stage, or a part of its rows; ``total`` is how many it has.

    Of ``proposed`` assignments of judges to entries in the stage ``applied`` were used: whoever drew until it suited can be seen.
    """

    run_id: int
    number: int
    stage: str
    stage_en: str
    position: int
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
    total: int
    proposed: int
    applied: int
    rows: tuple[PublicRow, ...]


def public_results(session: Session, edition_id: int, *, run_id: int | None = None, size: int | None = None) -> list[PublicResult]:
    """Every released result of an edition (or one of them), the last stage first, by call within it. Three statements, whatever the size.

    ``size`` shows only the beginning of each list; ``total`` tells its length.
    """
    wanted = _released().where(ResultRun.edition_id == edition_id).order_by(Stage.position.desc(), ResultRun.call_id)
    heads = session.execute(wanted if run_id is None else wanted.where(ResultRun.id == run_id)).all()
    rows = _rows(session, heads, 0, size)
    return [_result(head, rows.get(head.run_id, [])) for head in heads]


def public_result(
    session: Session, edition: str, call: str, stage: int, *, first: int, size: int | None
) -> tuple[Edition, PublicResult] | None:
    """One page of the released list of a call in a stage, by the codes and the position in its address: two statements."""
    head = session.execute(_one_released(), {"edition": edition, "call": call, "stage": stage}).first()
    if head is None:
        return None
    return head.Edition, _result(head, _rows(session, [head], first, size).get(head.run_id, []))


def _released() -> Select[*tuple[Any, ...]]:
    ranked = select(func.count()).where(Standing.run_id == ResultRun.id, Standing.rank.is_not(None)).scalar_subquery()
    return (
        select(
            ResultRun.id.label("run_id"), ResultRun.number, ResultRun.released_at, ResultRun.computed_at, ResultRun.digest,
            ResultRun.supersedes_id, ResultRun.reason, Stage.name, Stage.name_en, Stage.position, Call.name.label("call"),
            Call.name_en.label("call_en"), Call.code.label("call_code"), StageRuleVersion.rules, ranked.label("ranked"),
            _proposals(AssignmentPlan.id).label("proposed"), _proposals(AssignmentPlan.applied_at).label("applied"),
        )
        .join(Stage, Stage.id == ResultRun.stage_id)
        .join(Call, Call.id == ResultRun.call_id)
        .join(StageRuleVersion, StageRuleVersion.id == ResultRun.rule_version_id)
        .where(ResultRun.state == RunState.RELEASED)
    )  # fmt: skip


def _proposals(counted: Any) -> ScalarSelect[int]:
    """How many assignments of judges there were in the stage."""
    return select(func.count(counted)).join(Panel, Panel.id == AssignmentPlan.panel_id).where(Panel.stage_id == Stage.id).scalar_subquery()


@cache
def _one_released() -> Select[*tuple[Any, ...]]:
    """Built once, as are the rows' statements: in the first minutes after a release everybody opens this page."""
    found = _released().add_columns(Edition).join(Edition, Edition.id == ResultRun.edition_id)
    return found.where(Edition.code == bindparam("edition"), Call.code == bindparam("call"), Stage.position == bindparam("stage"))


def _rows(session: Session, heads: Sequence[Any], first: int, size: int | None) -> dict[int, list[Any]]:
    """The rows from ``first`` on, ``size`` of each list: by rank, or by code where the order itself would tell the rank."""
    by_rank = [head.run_id for head in heads if head.rules.disclosure.public_ranks]
    by_code = [head.run_id for head in heads if not head.rules.disclosure.public_ranks]
    found: dict[int, list[Any]] = {}
    for wanted, run_ids in ((_by_rank(), by_rank), (_by_code(), by_code)):
        if run_ids:
            asked = {"run_ids": run_ids, "first": first, "last": LONGEST if size is None else first + size}
            for row in session.execute(wanted, asked):
                found.setdefault(row.run_id, []).append(row)
    return found


COLUMNS = (
    Standing.run_id, Standing.rank, Standing.score, Standing.advances, Entry.public_code, Entry.title, Entry.unit_name, Award.level_name,
    Award.level_name_en,
)  # fmt: skip
ASKED: BindParameter[Any] = bindparam("run_ids", expanding=True)


@cache
def _by_rank() -> Select[*tuple[Any, ...]]:
    """Ranked entries stand first and without gaps, so that their position is their place in the list."""
    return (
        select(*COLUMNS)
        .join(Entry, Entry.id == Standing.entry_id)
        .outerjoin(Award, _granted())
        .where(Standing.run_id.in_(ASKED), Standing.rank.is_not(None))
        .where(Standing.position > bindparam("first"), Standing.position <= bindparam("last"))
        .order_by(Standing.run_id, Standing.position)
    )


@cache
def _by_code() -> Select[*tuple[Any, ...]]:
    """Only those who advance or win are named, in the order of their codes."""
    place = func.row_number().over(partition_by=Standing.run_id, order_by=(Entry.public_code, Standing.position)).label("place")
    named = (
        select(*COLUMNS, place, func.count().over(partition_by=Standing.run_id).label("total"))
        .join(Entry, Entry.id == Standing.entry_id)
        .outerjoin(Award, _granted())
        .where(Standing.run_id.in_(ASKED), Standing.rank.is_not(None), or_(Standing.advances, Award.id.is_not(None)))
        .subquery()
    )
    return (
        select(named).where(named.c.place > bindparam("first"), named.c.place <= bindparam("last")).order_by(named.c.run_id, named.c.place)
    )


def _granted() -> ColumnElement[bool]:
    return and_(Award.run_id == Standing.run_id, Award.entry_id == Standing.entry_id, Award.state == AwardState.GRANTED)


def _result(head: Any, rows: list[Any]) -> PublicResult:
    shown, advancing = head.rules.disclosure, head.rules.advancement.method != "none"
    return PublicResult(
        run_id=head.run_id, number=head.number, stage=head.name, stage_en=head.name_en, position=head.position, call=head.call,
        call_en=head.call_en, call_code=head.call_code, released_at=head.released_at or head.computed_at, digest=head.digest,
        shows_scores=shown.public_scores, shows_ranks=shown.public_ranks, shows_advancing=advancing,
        is_correction=head.supersedes_id is not None, reason=head.reason, total=_length(head, rows),
        proposed=head.proposed, applied=head.applied,
        rows=tuple(_row(row, shown.public_scores, shown.public_ranks) for row in rows),
    )  # fmt: skip


def _length(head: Any, rows: list[Any]) -> int:
    """How many entries the whole list names."""
    if head.rules.disclosure.public_ranks:
        return int(head.ranked)
    return rows[0].total if rows else 0


def _row(row: Any, scores: bool, ranks: bool) -> PublicRow:
    return PublicRow(
        code=row.public_code or "", title=row.title, unit=row.unit_name, rank=row.rank if ranks else None,
        score=row.score if scores else None, advances=row.advances, award=row.level_name or "",
        award_en=row.level_name_en or row.level_name or "",
    )  # fmt: skip
