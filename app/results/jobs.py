"""Slow work on results, outside of any transaction: computing large ones, and how far a run can be trusted."""

from __future__ import annotations

import logging
from datetime import datetime

from flask_babel import force_locale
from huey import crontab
from sqlalchemy.orm import Session

from app.audit.bus import subscribes
from app.core import clock
from app.core.db import db
from app.core.errors import DomainError
from app.core.jobs import every, task
from app.core.uow import after_commit, atomic
from app.results.events import ResultComputed, ResultOrdered
from app.results.models import ResultOrder, ResultRun
from app.results.operations.analysing import keep_analysis
from app.results.operations.orders import begin_order, fail_order, finish_order, note_step
from app.results.queries.analysing import analysed, runs_without_analysis
from app.results.queries.computing import computation
from app.results.queries.orders import STEPS, orders_left_behind, requester_of
from app.results.queries.trusting import kept_analysis

log = logging.getLogger(__name__)


@task()
def compute_ordered(order_id: int) -> None:
    """Compute a large result. Safe to run twice: only one worker gets it at a time, and the same computation twice is one run."""
    order = db.session.get(ResultOrder, order_id)
    if order is None:
        return
    with atomic() as session:
        if not begin_order(session, order=order, now=clock.now()):
            return
    try:
        with force_locale(requester_of(db.session, order).locale or "zh_CN"):
            _compute(order)
    except DomainError as error:
        _failed(order, str(error), final=True)
    except Exception:
        log.exception("the result of order %s could not be computed", order_id)
        _failed(order, "", final=False)


def _compute(order: ResultOrder) -> None:
    def report(step: int) -> None:
        with atomic() as session:
            note_step(session, order=order, step=step)

    made = computation(db.session, order.stage, order.call, report)
    report(STEPS)
    with atomic() as session:
        finish_order(session, order=order, made=made, actor=requester_of(session, order), now=clock.now())


def _failed(order: ResultOrder, reason: str, *, final: bool) -> None:
    db.session.rollback()
    with atomic() as session:
        fail_order(session, order=order, reason=reason, final=final)


@subscribes(ResultOrdered)
def start_computing(session: Session, event: ResultOrdered, now: datetime) -> None:
    """The worker is woken when the order is durable; the sweep finds what it missed."""
    after_commit(session, compute_ordered, event.order_id)


@every(crontab())
def take_up_orders() -> None:
    """Every minute: orders that nobody took, or whose worker died."""
    for order_id in orders_left_behind(db.session, clock.now()):
        compute_ordered(order_id)


@task()
def analyse_result(run_id: int) -> None:
    """Work out and keep the figures of a run that has none yet. Safe to run twice."""
    run = db.session.get(ResultRun, run_id)
    if run is None or kept_analysis(db.session, run_id) is not None:
        return
    made = analysed(db.session, run)
    with atomic() as session:
        keep_analysis(session, run=session.get_one(ResultRun, run_id), made=made, now=clock.now())


@subscribes(ResultComputed)
def prepare_analysis(session: Session, event: ResultComputed, now: datetime) -> None:
    """The figures of a large run take seconds; a job works them out after the commit."""
    after_commit(session, analyse_result, event.run_id)


@every(crontab(minute="*/10"))
def finish_analyses() -> None:
    """Take up what a killed worker left undone, and what an older version worked out."""
    for run_id in runs_without_analysis(db.session):
        analyse_result(run_id)
