"""Does a stored result follow from its inputs, and do its inputs follow from the signed sheets?"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from msgspec.structs import replace
from sqlalchemy.orm import Session

from app.calls.models import Call, Stage, StageRuleVersion
from app.results import engine
from app.results.models import ResultRun

from .inputs import gather_inputs


@dataclass(frozen=True)
class Report:
    """Three digests that must be one; ``notes`` name what changed since without touching the result."""

    stored: str
    from_inputs: str
    from_database: str
    notes: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        return self.stored == self.from_inputs == self.from_database


def verify_run(session: Session, run: ResultRun) -> Report:
    """Recompute from the stored inputs, and from rules, sheets and absences as the database holds them now.

    Entries that left after the computation, and earlier results corrected since, are noted, not counted: they need a new run.
    """
    stored = msgspec.convert(run.inputs, engine.Inputs)
    version = session.get_one(StageRuleVersion, run.rule_version_id)
    current = gather_inputs(session, session.get_one(Stage, run.stage_id), session.get_one(Call, run.call_id), version)
    notes = []
    if current.exclusions != stored.exclusions:
        notes.append("entries were excluded or taken back since")
    if current.earlier != stored.earlier:
        notes.append("an earlier stage's result was corrected since")
    compared = replace(current, exclusions=stored.exclusions, earlier=stored.earlier)
    return Report(run.digest, _digest(run, stored), _digest(run, compared), tuple(notes))


def _digest(run: ResultRun, inputs: engine.Inputs) -> str:
    try:
        return engine.digest_of(run.engine, inputs, engine.compute(inputs))
    except engine.EngineRefusal as error:
        return f"not computable: {error}"
