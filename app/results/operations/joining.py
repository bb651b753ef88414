"""What a released run means for the entries: the next stage, the score that may be seen, the stage's end."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.calls.enums import StageState
from app.calls.models import Stage
from app.calls.operations.stages import release_stage
from app.calls.rules import StageRules
from app.calls.stagekinds import JUDGED
from app.core.authz import Actor
from app.entries.models import Entry, StageEntry
from app.results.enums import RunState
from app.results.models import ResultRun, Standing


def next_stage(session: Session, stage: Stage) -> Stage | None:
    """The judged stage that follows in the edition."""
    return session.scalar(
        select(Stage)
        .where(Stage.edition_id == stage.edition_id, Stage.position > stage.position, Stage.kind.in_([kind.value for kind in JUDGED]))
        .order_by(Stage.position)
        .limit(1)
    )


def advance_entries(session: Session, *, run: ResultRun, old: ResultRun | None, now: datetime) -> None:
    """Advancing entries join the next stage; after a correction those that no longer advance leave it."""
    stage = next_stage(session, session.get_one(Stage, run.stage_id))
    if stage is None:
        return
    wanted = set(session.scalars(select(Standing.entry_id).where(Standing.run_id == run.id, Standing.advances)))
    touched = wanted | (_advanced(session, old) if old else set())
    present = {
        row.entry_id: row
        for row in session.scalars(
            select(StageEntry).where(StageEntry.stage_id == stage.id, StageEntry.entry_id.in_(touched)).with_for_update()
        )
    }
    for entry_id in sorted(wanted):
        row = present.get(entry_id)
        if row is None:
            session.add(StageEntry(stage_id=stage.id, entry_id=entry_id, source_run_id=run.id, joined_at=now))
        else:
            row.source_run_id, row.left_at, row.left_reason = run.id, None, ""
    for entry_id in touched - wanted:
        if (row := present.get(entry_id)) is not None and row.left_at is None:
            row.left_at, row.left_reason = now, run.reason[:400]


def _advanced(session: Session, run: ResultRun) -> set[int]:
    return set(session.scalars(select(Standing.entry_id).where(Standing.run_id == run.id, Standing.advances)))


def show_scores(session: Session, *, run: ResultRun, rules: StageRules) -> None:
    """The entry's own score, where the rules tell it to the team or the public."""
    if not (rules.disclosure.team_scores or rules.disclosure.public_scores):
        return
    printed = select(Standing.score).where(Standing.run_id == run.id, Standing.entry_id == Entry.id).scalar_subquery()
    inside = select(Standing.entry_id).where(Standing.run_id == run.id)
    session.execute(update(Entry).where(Entry.id.in_(inside)).values(score_shown=printed).execution_options(synchronize_session="fetch"))


def finish_stage(session: Session, *, run: ResultRun, actor: Actor, now: datetime) -> None:
    """The stage is released when every call that has entries in it has a released run."""
    stage = session.get_one(Stage, run.stage_id)
    calls = set(
        session.scalars(
            select(Entry.call_id).join(StageEntry, StageEntry.entry_id == Entry.id).where(StageEntry.stage_id == stage.id).distinct()
        )
    )
    released = session.scalar(select(func.count()).where(ResultRun.stage_id == stage.id, ResultRun.state == RunState.RELEASED))
    if stage.state == StageState.SEALED and released and released >= len(calls):
        session.flush()  # releasing reads the stage again under its lock
        release_stage(session, stage=stage, actor=actor, now=now)
