"""Sealing a stage of judging: everything signed, or the missing sheets named with a reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.calls.models import Stage
from app.calls.operations.stages import seal_stage
from app.core.authz import Actor
from app.judging.events import SealedWithGaps
from app.judging.models import ScoreSheet, SheetSave
from app.judging.queries.progress import unsigned_count

from .refusals import SheetsMissing


def seal_judging(session: Session, *, stage: Stage, reason: str, actor: Actor, now: datetime) -> Stage:
    """Seal the stage. With unsigned sheets only for a reason, which the supervisor sees; those judges count as absent.

    Records StageSealedOff, and SealedWithGaps when sheets are missing.
    """
    seal_stage(session, stage=stage, actor=actor, now=now)  # holds edition and stage: no signature can slip in between
    _seal_after_the_last_save(session, stage)
    missing = unsigned_count(session, stage)
    if missing and len(reason.strip()) < 4:
        raise SheetsMissing(missing)
    if missing:
        record(session, SealedWithGaps(stage.id, stage.edition_id, missing, reason), actor=actor, now=now)
    return stage


def _seal_after_the_last_save(session: Session, stage: Stage) -> None:
    """On PostgreSQL a save that was let through first may have begun a moment later than the sealing that waited for it."""
    saves = select(func.max(SheetSave.saved_at)).join(ScoreSheet, ScoreSheet.id == SheetSave.sheet_id)
    last = session.scalar(saves.where(ScoreSheet.stage_id == stage.id))
    if last is not None and stage.sealed_at is not None:
        stage.sealed_at = max(stage.sealed_at, last)
