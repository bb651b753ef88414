"""Sealing a stage of judging: everything signed, or the missing sheets named with a reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.audit.operations import record
from app.calls.models import Stage
from app.calls.operations.stages import seal_stage
from app.core.authz import Actor
from app.judging.events import SealedWithGaps
from app.judging.queries.progress import unsigned_count

from .refusals import SheetsMissing


def seal_judging(session: Session, *, stage: Stage, reason: str, actor: Actor, now: datetime) -> Stage:
    """Seal the stage. With unsigned sheets only for a reason, which the supervisor sees; those judges count as absent.

    Records StageSealedOff, and SealedWithGaps when sheets are missing.
    """
    seal_stage(session, stage=stage, actor=actor, now=now)  # holds edition and stage: no signature can slip in between
    missing = unsigned_count(session, stage)
    if missing and len(reason.strip()) < 4:
        raise SheetsMissing(missing)
    if missing:
        record(session, SealedWithGaps(stage.id, stage.edition_id, missing, reason), actor=actor, now=now)
    return stage
