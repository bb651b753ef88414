"""Computing, proposing and releasing a result run."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session, defer

from app.audit.operations import record
from app.calls.enums import SETTLED
from app.calls.models import Call, Edition, Stage, StageRuleVersion
from app.calls.operations.freezing import check_not_frozen
from app.core.authz import Actor
from app.core.uow import lock
from app.results import engine
from app.results.enums import RunAction, RunState
from app.results.errors import (
    NothingChanged,
    ReasonNeeded,
    RemarkNeeded,
    ResultIsStale,
    SamePerson,
    SheetsMissing,
    StageNotSealed,
)
from app.results.events import ResultComputed, ResultProposed, ResultReleased, ResultTakenBack
from app.results.models import ResultRun, Standing
from app.results.queries.computing import Computation, computation, current_fingerprint, proof_of
from app.results.states import RUN

from . import awarding, joining

LEAST_REASON = 4


def compute_run(session: Session, *, stage: Stage, call: Call, actor: Actor, now: datetime, reason: str = "",
                made: Computation | None = None) -> ResultRun:  # fmt: skip
    """A new run from the signed sheets as they are. The same computation twice is one run. Records ResultComputed.

    ``made`` was computed before the transaction began, so that others could save meanwhile; it is stored only if what it rests on is
    still so. After a release this is a correction and needs a reason. Raises StageNotSealed, NoEntries, NotComputable, ResultIsStale,
    ReasonNeeded, NothingChanged.
    """
    check_computable(session, stage, call)
    if made is None:
        made = computation(session, stage, call)
    elif made.fingerprint != current_fingerprint(session, stage, call):
        raise ResultIsStale
    digest = made.digest
    earlier = earlier_runs(session, stage, call)
    released = _released(earlier)
    if released is not None and released.digest == digest:
        raise NothingChanged
    if earlier and earlier[-1].digest == digest and earlier[-1].state in (RunState.COMPUTED, RunState.PROPOSED):
        return earlier[-1]
    require_reason(earlier, reason)
    run = ResultRun(
        stage_id=stage.id, call_id=call.id, edition_id=stage.edition_id, number=len(earlier) + 1,
        rule_version_id=stage.rule_version_id, inputs=made.inputs, output=made.output, summary=made.summary, digest=digest,
        engine=engine.ENGINE, reason=reason.strip(), computed_at=now, computed_by_id=actor.user_id,
        supersedes_id=released.id if released else None, state=RunState.COMPUTED,
    )  # fmt: skip
    session.add(run)
    session.flush()  # the standings point at it
    session.execute(insert(Standing), [{"run_id": run.id, **row} for row in made.standings])
    fact = ResultComputed(run.id, run.edition_id, stage.id, call.id, run.number, digest, run.reason)
    record(session, fact, actor=actor, now=now)
    return run


def check_computable(session: Session, stage: Stage, call: Call) -> None:
    """Lock edition and stage, and refuse what must not be computed now. Raises EditionIsFrozen, StageNotSealed."""
    check_not_frozen(lock(session, session.get_one(Edition, stage.edition_id)))
    lock(session, stage)
    if stage.state not in SETTLED or stage.rule_version_id is None or call.edition_id != stage.edition_id:
        raise StageNotSealed


def require_reason(earlier: list[ResultRun], reason: str) -> None:
    """After a release it is a correction, which needs a reason. Raises ReasonNeeded."""
    if _released(earlier) is not None and len(reason.strip()) < LEAST_REASON:
        raise ReasonNeeded(field="reason")


def earlier_runs(session: Session, stage: Stage, call: Call) -> list[ResultRun]:
    """All runs of this call in this stage, oldest first."""
    wanted = select(ResultRun).where(ResultRun.stage_id == stage.id, ResultRun.call_id == call.id)
    light = defer(ResultRun.inputs), defer(ResultRun.output)  # megabytes each, and only states and digests are asked for
    return list(session.scalars(wanted.options(*light).order_by(ResultRun.number)))


def _released(runs: list[ResultRun]) -> ResultRun | None:
    return next((run for run in runs if run.state == RunState.RELEASED), None)


def propose_run(session: Session, *, run: ResultRun, actor: Actor, now: datetime, remark: str = "", proof: str = "") -> ResultRun:
    """The first person's act, ``proof`` as for the second's. Raises SheetsMissing, RemarkNeeded, ResultIsStale. Records ResultProposed."""
    _ready(session, run)
    target = RUN.target(run.state, RunAction.PROPOSE)
    statuses = session.execute(select(Standing.status, func.count()).where(Standing.run_id == run.id).group_by(Standing.status)).all()
    counts = {row[0]: int(row[1]) for row in statuses}
    waiting = counts.get("blocked", 0) + counts.get("provisional", 0)
    if waiting:
        raise SheetsMissing(waiting)
    if counts.get("insufficient", 0) and len(remark.strip()) < LEAST_REASON:
        raise RemarkNeeded(field="reason")
    _check_fresh(session, run, proof)
    run.state, run.proposed_at, run.proposed_by_id = target, now, actor.user_id
    record(session, ResultProposed(run.id, run.edition_id, run.digest, remark.strip()), actor=actor, now=now)
    return run


def take_back_run(session: Session, *, run: ResultRun, reason: str, actor: Actor, now: datetime) -> ResultRun:
    """Undo the proposal. Records ResultTakenBack."""
    _ready(session, run)
    run.state = RUN.target(run.state, RunAction.TAKE_BACK)
    run.proposed_at = run.proposed_by_id = None
    record(session, ResultTakenBack(run.id, run.edition_id, reason), actor=actor, now=now)
    return run


def release_run(session: Session, *, run: ResultRun, actor: Actor, now: datetime, proof: str = "") -> ResultRun:
    """The second person's act: everything that follows from the result happens in this one transaction.

    That the run still follows from sheets and rules is checked in full, before the transaction where ``proof`` (``queries.proof_of``)
    says in which state of the database it did; then only that this state is unchanged.
    The run is released (an earlier one superseded), advancing entries join the next stage, awards are granted, kept or
    revoked, scores become visible where the rules allow. Raises SamePerson, ResultIsStale. Records ResultReleased.
    """
    _ready(session, run)
    target = RUN.target(run.state, RunAction.RELEASE)
    if run.proposed_by_id == actor.user_id:
        raise SamePerson
    _check_fresh(session, run, proof)
    old = _supersede(session, run)
    run.state, run.released_at, run.released_by_id = target, now, actor.user_id
    run.supersedes_id = old.id if old else None
    session.flush()  # the released run is unique: refused here rather than after its effects
    rules = session.get_one(StageRuleVersion, run.rule_version_id).rules
    joining.advance_entries(session, run=run, old=old, now=now)
    awarding.grant_awards(session, run=run, old=old, rules=rules, actor=actor, now=now)
    joining.show_scores(session, run=run, rules=rules)
    joining.finish_stage(session, run=run, actor=actor, now=now)
    fact = ResultReleased(run.id, run.edition_id, run.stage_id, run.call_id, run.number, run.digest, run.supersedes_id)
    record(session, fact, actor=actor, now=now)
    return run


def _ready(session: Session, run: ResultRun) -> None:
    """Edition, stage, run: always in this order, so that two releases wait for one another."""
    edition = lock(session, session.get_one(Edition, run.edition_id))
    lock(session, session.get_one(Stage, run.stage_id))
    lock(session, run)
    check_not_frozen(edition)


def _check_fresh(session: Session, run: ResultRun, proof: str) -> None:
    """The result must still follow from what the database holds."""
    if not proof:
        if not proof_of(session, run):
            raise ResultIsStale
        return
    stage, call = session.get_one(Stage, run.stage_id), session.get_one(Call, run.call_id)
    if stage.rule_version_id != run.rule_version_id or proof != current_fingerprint(session, stage, call):
        raise ResultIsStale


def _supersede(session: Session, run: ResultRun) -> ResultRun | None:
    old = session.scalar(
        select(ResultRun)
        .where(ResultRun.stage_id == run.stage_id, ResultRun.call_id == run.call_id, ResultRun.state == RunState.RELEASED)
        .with_for_update()
    )
    if old is not None:
        old.state = RUN.target(old.state, RunAction.SUPERSEDE)
        session.flush()  # the index allows one released run at a time
    return old
