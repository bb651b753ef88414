"""Collecting what a result is computed from: entries of the stage, signed sheets, absences, exclusions, earlier results."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace
from sqlalchemy import Select, String, cast, func, select
from sqlalchemy.orm import Session

from app.calls.models import Call, EntryGroup, Region, Stage, StageRuleVersion
from app.entries.enums import EntryState
from app.entries.models import Entry, StageEntry
from app.judging.enums import AssignmentState, SheetState
from app.judging.models import Assignment, Mark, Panel, ScoreSheet, Seat
from app.results.engine import AbsenceIn, EarlierIn, EntryIn, ExclusionIn, Inputs, JudgeIn, SheetIn, normalized
from app.results.engine.ruling import plain
from app.results.enums import RunState
from app.results.models import ResultRun, Standing

OUT = {EntryState.DISQUALIFIED: "disqualified", EntryState.WITHDRAWN: "withdrawn"}


def gather_inputs(session: Session, stage: Stage, call: Call, version: StageRuleVersion) -> Inputs:
    """The inputs as the database has them now, in their stored order. Nine statements, whatever the size."""
    calls = _competing(session, call, version)
    group, region = calls[call.id]
    taking = _taking_part(session, stage, calls)
    assignments = _assignments(session, stage, calls)
    sheets = _sheets(session, stage, calls)
    inputs = Inputs(
        stage=stage.id, call=call.id, rules=version.rules, rule_digest=version.digest, group=group, region=region,
        entries=[EntryIn(row.id, row.call, *calls[row.call]) for row in taking],
        judges=_judges(session, assignments),
        sheets=[sheet for _, sheet in sorted(sheets.items())],
        absences=_absences(assignments, set(sheets), {row.id for row in taking}),
        exclusions=_exclusions(session, stage, calls, version, taking),
        earlier=_earlier(session, stage, calls),
    )  # fmt: skip
    return normalized(seeded(inputs))


def fingerprint(session: Session, stage: Stage, call: Call, version: StageRuleVersion) -> str:
    """Changes whenever ``gather_inputs`` would give something else, at a sixth of its price: it stands in for it under the lock.

    A sheet is known by its revision and the digest that its judge signed; of the marks only number and sum are read. Before release
    everything is read again in full.
    """
    calls = _competing(session, call, version)
    work = (
        select(Assignment.id, Assignment.entry_id, Assignment.seat_id, Assignment.recuse_reason, ScoreSheet.revision, ScoreSheet.digest,
               cast(Assignment.state, String).label("work"), cast(ScoreSheet.state, String).label("sheet"))
        .join(Entry, Entry.id == Assignment.entry_id)
        .outerjoin(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(Assignment.stage_id == stage.id, Entry.call_id.in_(calls))
        .order_by(Assignment.id)
    )  # fmt: skip
    marks = _signed(stage, calls).join(Mark, Mark.sheet_id == ScoreSheet.id).with_only_columns(func.count(), func.sum(Mark.value))
    seats = select(Seat.id, Seat.category, Seat.is_chair).join(Panel, Panel.id == Seat.panel_id).where(Panel.stage_id == stage.id)
    released = select(ResultRun.id, ResultRun.digest).where(
        ResultRun.edition_id == stage.edition_id, ResultRun.call_id.in_(calls), ResultRun.state == RunState.RELEASED
    )
    seen = hashlib.sha256(msgspec.json.encode((version.id, version.digest, sorted(calls.items()), _taking_part(session, stage, calls))))
    for wanted in (work, marks, seats.order_by(Seat.id), released.order_by(ResultRun.id)):
        seen.update(msgspec.json.encode([tuple(row) for row in session.execute(wanted)]))
    return seen.hexdigest()


def seeded(inputs: Inputs) -> Inputs:
    """The public seed of lots: rules and all signed sheets together, so that nobody chooses it after seeing the marks."""
    seen = hashlib.sha256(inputs.rule_digest.encode())
    for sheet in sorted(inputs.sheets, key=lambda row: (row.entry, row.judge)):
        seen.update(f"\n{sheet.entry} {sheet.judge} {sheet.digest}".encode())
    return replace(inputs, seed=seen.hexdigest())


class Taking(NamedTuple):
    """An entry of the stage; ``left`` says why it is out (None while it is in)."""

    id: int
    call: int
    state: EntryState
    left: str | None


def _competing(session: Session, call: Call, version: StageRuleVersion) -> dict[int, tuple[str, str]]:
    """Codes of group and region by call: the call itself and those that share its places under the rules."""
    per = version.rules.advancement.per
    wanted = (
        select(Call.id, EntryGroup.code.label("group_code"), Region.code.label("region_code"))
        .outerjoin(EntryGroup, EntryGroup.id == Call.group_id)
        .outerjoin(Region, Region.id == Call.region_id)
        .where(Call.edition_id == call.edition_id)
    )
    if per == "group" and call.group_id is not None:
        wanted = wanted.where(Call.group_id == call.group_id)
    elif per == "region" and call.region_id is not None:
        wanted = wanted.where(Call.region_id == call.region_id)
    elif per != "stage":
        wanted = wanted.where(Call.id == call.id)
    return {row.id: (row.group_code or "", row.region_code or "") for row in session.execute(wanted)}


def _taking_part(session: Session, stage: Stage, calls: Collection[int]) -> list[Taking]:
    rows = session.execute(
        select(Entry.id, Entry.call_id, Entry.state, StageEntry.left_at, StageEntry.left_reason)
        .join(StageEntry, StageEntry.entry_id == Entry.id)
        .where(StageEntry.stage_id == stage.id, Entry.call_id.in_(calls))
        .order_by(Entry.id)
    )
    return [Taking(row.id, row.call_id, row.state, (row.left_reason or "left") if row.left_at else None) for row in rows]


def _assignments(session: Session, stage: Stage, calls: Collection[int]) -> list[tuple[int, int, AssignmentState, str]]:
    rows = session.execute(
        select(Assignment.entry_id, Assignment.seat_id, Assignment.state, Assignment.recuse_reason)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(Assignment.stage_id == stage.id, Entry.call_id.in_(calls), Assignment.state != AssignmentState.REMOVED)
        .order_by(Assignment.entry_id, Assignment.seat_id)
    )
    return [tuple(row) for row in rows]  # type: ignore[misc]


def _judges(session: Session, assignments: list[tuple[int, int, AssignmentState, str]]) -> list[JudgeIn]:
    ids = sorted({seat_id for _, seat_id, _, _ in assignments})
    rows = session.execute(select(Seat.id, Seat.category, Seat.is_chair).where(Seat.id.in_(ids)).order_by(Seat.id))
    return [JudgeIn(row.id, str(row.category), row.is_chair) for row in rows]


def _sheets(session: Session, stage: Stage, calls: Collection[int]) -> dict[tuple[int, int], SheetIn]:
    """Signed sheets of active assignments by (entry, seat), with all their marks: two statements."""
    wanted = _signed(stage, calls)
    sheets = session.execute(wanted).all()
    marks: dict[int, dict[str, str]] = defaultdict(dict)
    inside = wanted.with_only_columns(ScoreSheet.id)
    for row in session.execute(select(Mark.sheet_id, Mark.criterion, Mark.value).where(Mark.sheet_id.in_(inside))):
        marks[row.sheet_id][row.criterion] = plain(row.value)
    return {(s.entry_id, s.seat_id): SheetIn(s.entry_id, s.seat_id, marks[s.id], s.digest or "") for s in sheets}


def _signed(stage: Stage, calls: Collection[int]) -> Select[*tuple[Any, ...]]:
    """Signed sheets of active assignments."""
    return (
        select(ScoreSheet.id, ScoreSheet.digest, Assignment.entry_id, Assignment.seat_id)
        .join(Assignment, Assignment.id == ScoreSheet.assignment_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(ScoreSheet.stage_id == stage.id, Entry.call_id.in_(calls), Assignment.stage_id == stage.id)
        .where(ScoreSheet.state == SheetState.SIGNED, Assignment.state == AssignmentState.ACTIVE)
    )


def _absences(assignments: list[tuple[int, int, AssignmentState, str]], signed: set[tuple[int, int]], taking: set[int]) -> list[AbsenceIn]:
    found = []
    for entry_id, seat_id, state, reason in assignments:
        if entry_id not in taking or (entry_id, seat_id) in signed:
            continue
        status = "recused" if state == AssignmentState.RECUSED else "absent"
        found.append(AbsenceIn(entry_id, seat_id, status, reason or ""))
    return found


def _exclusions(
    session: Session, stage: Stage, calls: Collection[int], version: StageRuleVersion, taking: list[Taking]
) -> list[ExclusionIn]:
    """Entries that are out. Where the rules give no replacement, one that was in a released result holds its place."""
    out = [(row.id, row.left or OUT[row.state]) for row in taking if row.left is not None or row.state in OUT]
    if not out:
        return []
    ranked: set[int] = set()
    if not version.rules.advancement.replacement:
        ranked = set(
            session.scalars(
                select(Standing.entry_id)
                .join(ResultRun, ResultRun.id == Standing.run_id)
                .where(ResultRun.stage_id == stage.id, ResultRun.call_id.in_(calls))
                .where(ResultRun.state == RunState.RELEASED, Standing.rank.is_not(None))
            )
        )
    return [ExclusionIn(entry_id, reason, entry_id in ranked) for entry_id, reason in out]


def _earlier(session: Session, stage: Stage, calls: Collection[int]) -> list[EarlierIn]:
    """Printed scores of the released results of earlier stages, by stage in order."""
    runs = session.execute(
        select(ResultRun.id, ResultRun.stage_id, ResultRun.digest, Stage.position)
        .join(Stage, Stage.id == ResultRun.stage_id)
        .where(Stage.edition_id == stage.edition_id, Stage.position < stage.position)
        .where(ResultRun.call_id.in_(calls), ResultRun.state == RunState.RELEASED)
        .order_by(Stage.position)
    ).all()
    scores: dict[int, dict[str, str]] = {run.id: {} for run in runs}
    rows = select(Standing.run_id, Standing.entry_id, Standing.score).where(Standing.run_id.in_(scores), Standing.score.is_not(None))
    for row in session.execute(rows):
        scores[row.run_id][str(row.entry_id)] = row.score
    return [EarlierIn(run.stage_id, run.id, run.digest, scores[run.id], run.position) for run in runs]
