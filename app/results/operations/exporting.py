"""What is noted when scores leave the system as a file."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy.orm import Session

from app.audit.operations import record
from app.core.authz import Actor
from app.results.events import ScoresExported
from app.results.models import ResultRun


def note_scores_export(session: Session, *, run: ResultRun, kind: str, content: bytes, actor: Actor, now: datetime) -> None:
    """Who took out which file with all scores of a run, by its SHA-256. Records ScoresExported."""
    record(session, ScoresExported(run.id, run.edition_id, kind, hashlib.sha256(content).hexdigest()), actor=actor, now=now)
