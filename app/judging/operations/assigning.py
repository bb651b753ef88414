"""Who scores what: a proposal applied whole or in part, changed by hand, undone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.core.authz import Actor
from app.core.uow import lock
from app.judging.engine import order_of
from app.judging.enums import AssignmentState
from app.judging.events import AssignmentsApplied, AssignmentsUndone
from app.judging.models import Assignment, AssignmentPlan, Panel, ScoreSheet, Seat
from app.judging.queries.conflicts import scored_elsewhere

from .conflicts import find_conflicts, lock_assignments
from .panels import edition_of
from .proposing import Situation, situation_of
from .refusals import InConflict, NothingToUndo, PlanIsApplied, PlanIsStale, ScoresElsewhere

Pair = tuple[int, int]


def apply_plan(
    session: Session, *, plan: AssignmentPlan, actor: Actor, now: datetime, only: Collection[Pair] | None = None
) -> list[Assignment]:
    """Make the proposed assignments, or only the ticked pairs. Records AssignmentsApplied.

    Refused when it was applied before, or a pair has meanwhile become impossible (conflict, judge or entry gone).
    """
    panel = lock(session, session.get_one(Panel, plan.panel_id))
    lock(session, plan)
    if plan.applied_at is not None:
        raise PlanIsApplied
    find_conflicts(session, panel=panel, actor=actor, now=now)
    wanted = [(e, s) for e, s in plan.pairs if only is None or (e, s) in only]
    situation = situation_of(session, panel, 0)
    _check_possible(situation, wanted)
    added = _assign(session, panel, plan, [pair for pair in wanted if pair not in situation.fixed], now)
    plan.applied_at = now
    edition = edition_of(session, panel)
    record(session, AssignmentsApplied(plan.id, edition.id, panel.id, len(added), 0, plan.digest), actor=actor, now=now)
    return added


def _check_possible(situation: Situation, pairs: Collection[Pair]) -> None:
    entries, seats = set(situation.entries), set(situation.seats)
    if any(e not in entries or s not in seats or (e, s) in situation.conflicts for e, s in pairs):
        raise PlanIsStale


def _assign(session: Session, panel: Panel, plan: AssignmentPlan, pairs: Sequence[Pair], now: datetime) -> list[Assignment]:
    """Insert or revive the pairs. Each judge meets the entries in an order of their own, drawn from the seed."""
    seats = {s for _, s in pairs}
    known = {(a.entry_id, a.seat_id): a for a in session.scalars(select(Assignment).where(Assignment.seat_id.in_(seats)).with_for_update())}
    judges = {row.id: row.user_id for row in session.execute(select(Seat.id, Seat.user_id).where(Seat.id.in_(seats)))}
    made = []
    for seat_id in sorted(seats):
        mine = [e for e, s in pairs if s == seat_id]
        taken = sum(1 for key in known if key[1] == seat_id)
        for place, entry_id in enumerate(order_of(plan.seed, f"queue:{seat_id}", mine)):
            assignment = known.get((entry_id, seat_id))
            if assignment is None:
                assignment = Assignment(panel_id=panel.id, seat_id=seat_id, entry_id=entry_id, stage_id=panel.stage_id)
                session.add(assignment)
            assignment.state, assignment.recused_at, assignment.recuse_reason = AssignmentState.ACTIVE, None, ""
            assignment.plan_id, assignment.position, assignment.assigned_at = plan.id, taken + place, now
            assignment.judge_id = judges[seat_id]
            made.append(assignment)
    session.flush()  # callers count what was made
    return made


def set_assignments(session: Session, *, panel: Panel, wanted: Collection[Pair], actor: Actor, now: datetime) -> AssignmentPlan:
    """Bring the panel's assignments to exactly these pairs (entry, seat), by hand. Kept as a plan, so that it can be undone.

    A begun or signed sheet is not taken away. Refused for pairs in conflict, and for judges who score the entry
    in another panel. Records AssignmentsApplied.
    """
    lock(session, panel)
    edition = edition_of(session, panel)
    find_conflicts(session, panel=panel, actor=actor, now=now)
    situation = situation_of(session, panel, 0)
    add = sorted(set(wanted) - situation.fixed)
    barred = situation.conflicts.intersection(add)
    if barred:
        raise InConflict if barred.isdisjoint(scored_elsewhere(session, panel)) else ScoresElsewhere
    _check_possible(situation, add)
    drop = sorted((situation.fixed - set(wanted)) - _begun(session, panel))
    plan = AssignmentPlan(
        panel_id=panel.id, seed=f"manual:{panel.id}:{now.isoformat()}", parameters={"kind": "manual", "removed": [list(p) for p in drop]},
        pairs=[list(pair) for pair in add], report={}, digest="", made_at=now, made_by_id=actor.user_id, applied_at=now,
    )  # fmt: skip
    session.add(plan)
    session.flush()  # assignments and event name it
    added = _assign(session, panel, plan, add, now)
    _remove(session, panel, drop)
    record(session, AssignmentsApplied(plan.id, edition.id, panel.id, len(added), len(drop), ""), actor=actor, now=now)
    return plan


def _begun(session: Session, panel: Panel) -> set[Pair]:
    query = select(Assignment.entry_id, Assignment.seat_id).join(ScoreSheet, ScoreSheet.assignment_id == Assignment.id).where(
        Assignment.panel_id == panel.id, Assignment.state == AssignmentState.ACTIVE
    )  # fmt: skip
    return {(e, s) for e, s in session.execute(query)}


def _remove(session: Session, panel: Panel, pairs: Collection[Pair]) -> None:
    gone = set(pairs)
    query = select(Assignment).where(Assignment.panel_id == panel.id, Assignment.state == AssignmentState.ACTIVE).with_for_update()
    for assignment in session.scalars(query):
        if (assignment.entry_id, assignment.seat_id) in gone:
            assignment.state = AssignmentState.REMOVED


def undo_plan(session: Session, *, panel: Panel, actor: Actor, now: datetime) -> int:
    """Take back the last applied plan of the panel: what it added goes, what it removed returns; begun sheets stay.

    Records AssignmentsUndone; raises NothingToUndo.
    """
    lock(session, panel)
    edition = edition_of(session, panel)
    lock_assignments(session, panel)
    last = select(AssignmentPlan).where(AssignmentPlan.panel_id == panel.id, AssignmentPlan.applied_at.is_not(None))
    plan = session.scalar(last.order_by(AssignmentPlan.applied_at.desc(), AssignmentPlan.id.desc()).limit(1))
    if plan is None:
        raise NothingToUndo
    begun = _begun(session, panel)
    mine = select(Assignment.entry_id, Assignment.seat_id).where(Assignment.plan_id == plan.id, Assignment.state == AssignmentState.ACTIVE)
    drop = [(e, s) for e, s in session.execute(mine) if (e, s) not in begun]
    back = [(e, s) for e, s in plan.parameters.get("removed", [])]
    if not drop and not back:
        raise NothingToUndo
    _remove(session, panel, drop)
    situation = situation_of(session, panel, 0)
    possible = [(e, s) for e, s in back if e in situation.entries and s in situation.seats and (e, s) not in situation.conflicts]
    _assign(session, panel, plan, possible, now)
    plan.applied_at = None
    record(session, AssignmentsUndone(plan.id, edition.id, panel.id, len(drop) + len(possible)), actor=actor, now=now)
    return len(drop) + len(possible)
