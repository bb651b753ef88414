"""A large result in the background: asked for, taken by a worker, computed in the name of whoever asked, or given up with a reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.audit.operations import record
from app.calls.models import Call, Edition, Stage
from app.core.authz import Actor
from app.core.claims import claim, give_up, is_free
from app.core.uow import lock
from app.results.enums import OrderState
from app.results.errors import MayNotCompute
from app.results.events import ResultOrdered
from app.results.models import ResultOrder, ResultRun
from app.results.policies import can_compute_result
from app.results.queries.computing import Computation
from app.results.queries.orders import PATIENCE, STEPS, open_order

from .runs import check_computable, compute_run, earlier_runs, require_reason


def order_result(session: Session, *, stage: Stage, call: Call, actor: Actor, now: datetime, reason: str = "") -> ResultOrder:
    """Have the result computed in the background; one that is under way is returned instead. Records ResultOrdered.

    Raises StageNotSealed, ReasonNeeded.
    """
    check_computable(session, stage, call)
    known = open_order(session, stage, call)
    if known is not None:
        return known
    require_reason(earlier_runs(session, stage, call), reason)
    order = ResultOrder(
        stage_id=stage.id, call_id=call.id, edition_id=stage.edition_id, requester_id=actor.user_id, requester_role=actor.current_role,
        reason=reason.strip(), ordered_at=now,
    )  # fmt: skip
    session.add(order)
    session.flush()  # the fact names it
    record(session, ResultOrdered(order.id, order.edition_id, stage.id, call.id), actor=actor, now=now)
    return order


def begin_order(session: Session, *, order: ResultOrder, now: datetime) -> bool:
    """Claim it for this worker; False when another one has it, or it is over."""
    lock(session, order)
    if not is_free(order, OrderState, patience=PATIENCE, now=now):
        return False
    if not claim(order, OrderState, now=now):
        return False
    order.step = 0
    return True


def note_step(session: Session, *, order: ResultOrder, step: int) -> None:
    """The step that begins, for the page that waits."""
    order.step = step


def finish_order(session: Session, *, order: ResultOrder, made: Computation, actor: Actor, now: datetime) -> ResultRun:
    """Store the result as if the requester had waited for it. Raises what compute_run does, and MayNotCompute. Records ResultComputed."""
    if not can_compute_result(actor, session.get_one(Edition, order.edition_id)):
        raise MayNotCompute
    run = compute_run(session, stage=order.stage, call=order.call, reason=order.reason, actor=actor, now=now, made=made)
    lock(session, order)
    order.state, order.run_id, order.step = OrderState.DONE, run.id, STEPS
    return run


def fail_order(session: Session, *, order: ResultOrder, reason: str, final: bool) -> None:
    """Say why; without ``final`` it is tried again."""
    lock(session, order)
    if order.state != OrderState.RUNNING:
        return
    give_up(order, OrderState, reason=reason, final=final)
