"""Computing beside the write transaction: everybody goes on saving meanwhile, and what it rests on can be checked in a moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from app.calls.models import Call, Stage, StageRuleVersion
from app.results import engine
from app.results.errors import NoEntries, NotComputable, StageNotSealed
from app.results.models import ResultRun

from .inputs import fingerprint, gather_inputs


@dataclass(frozen=True)
class Computation:
    """A result that nothing has stored yet, as plain data ready for the tables, and the ``fingerprint`` of what it was made of."""

    fingerprint: str
    digest: str
    inputs: Any
    output: Any
    summary: Any
    standings: list[dict[str, Any]]


def computation(session: Session, stage: Stage, call: Call, report: Callable[[int], None] = lambda _step: None) -> Computation:
    """Compute from what the database holds. Only reads. Raises StageNotSealed, NoEntries, NotComputable.

    ``report`` is told before reading (1) and before computing (2); a caller may commit there.
    """
    report(1)
    if stage.rule_version_id is None:
        raise StageNotSealed
    version = session.get_one(StageRuleVersion, stage.rule_version_id)
    seen = fingerprint(session, stage, call, version)
    inputs = gather_inputs(session, stage, call, version)
    if not inputs.entries:
        raise NoEntries
    report(2)
    try:
        output = engine.compute(inputs)
    except engine.EngineRefusal as error:
        raise NotComputable(str(error)) from error
    plain = msgspec.to_builtins(output)
    return Computation(
        seen, engine.digest_of(engine.ENGINE, inputs, output), msgspec.to_builtins(inputs), plain,
        msgspec.to_builtins(engine.summary_of(output)), [_standing(row) for row in plain["standings"]],
    )  # fmt: skip


def _standing(row: dict[str, Any]) -> dict[str, Any]:
    same = {name: row[name] for name in ("position", "rank", "score", "status", "advances")}
    return {"entry_id": row["entry"], "award_key": row["award"], "detail": row, **same}


def current_fingerprint(session: Session, stage: Stage, call: Call) -> str:
    """What a computation made now would rest on; empty while the stage has no frozen rules."""
    if stage.rule_version_id is None:
        return ""
    return fingerprint(session, stage, call, session.get_one(StageRuleVersion, stage.rule_version_id))


def proof_of(session: Session, run: ResultRun) -> str:
    """The fingerprint of a state of the database from which exactly this run follows; empty when it no longer follows."""
    stage, call = session.get_one(Stage, run.stage_id), session.get_one(Call, run.call_id)
    if stage.rule_version_id != run.rule_version_id:
        return ""
    seen = current_fingerprint(session, stage, call)
    current = gather_inputs(session, stage, call, session.get_one(StageRuleVersion, run.rule_version_id))
    return seen if engine.text_of(current) == engine.text_of(msgspec.convert(run.inputs, engine.Inputs)) else ""
