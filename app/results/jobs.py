"""Slow work on results, outside of any transaction: how far a run can be trusted."""

from __future__ import annotations

from datetime import datetime

from huey import crontab
from sqlalchemy.orm import Session

from app.audit.bus import subscribes
from app.core import clock
from app.core.db import db
from app.core.jobs import every, task
from app.core.uow import after_commit, atomic
from app.results.events import ResultComputed
from app.results.models import ResultRun
from app.results.operations.analysing import keep_analysis
from app.results.queries.analysing import analysed, runs_without_analysis
from app.results.queries.trusting import kept_analysis


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
