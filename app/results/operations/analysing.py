"""Keeping the figures that say how far a run can be trusted."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy.orm import Session

from app.core.uow import lock
from app.results.engine.analysis import FORMAT
from app.results.engine.figures import Analysis
from app.results.models import ResultRun, RunAnalysis


def keep_analysis(session: Session, *, run: ResultRun, made: Analysis, now: datetime) -> RunAnalysis:
    """Store the figures of a run, or replace those of an older format. They follow from the run alone, so no fact is recorded."""
    lock(session, run)
    kept = session.get(RunAnalysis, run.id) or RunAnalysis(run_id=run.id)
    kept.format, kept.content, kept.made_at = FORMAT, msgspec.to_builtins(made), now
    session.add(kept)
    return kept
