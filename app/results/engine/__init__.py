"""The bridge to ``scoring``: from frozen rules and signed sheets to standings, cut line and awards, with a trace for every number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.core.later import later

from .computing import ENGINE, compute
from .digests import digest_of, text_of
from .values import (
    AbsenceIn,
    AwardOut,
    CutOut,
    EarlierIn,
    EntryIn,
    ExclusionIn,
    Inputs,
    JudgeIn,
    LineOut,
    Output,
    SheetIn,
    StandingOut,
    StepOut,
    Summary,
    normalized,
    summary_of,
)

if TYPE_CHECKING:
    import scoring
    from scoring import ScoringError as EngineRefusal
else:
    scoring = later("scoring")


def __getattr__(name: str) -> Any:
    """``EngineRefusal`` is looked up when it is needed, so that pages which compute nothing do not load the engine's libraries."""
    if name == "EngineRefusal":
        return scoring.ScoringError
    raise AttributeError(name)


__all__ = [
    "ENGINE",
    "AbsenceIn",
    "AwardOut",
    "CutOut",
    "EarlierIn",
    "EngineRefusal",
    "EntryIn",
    "ExclusionIn",
    "Inputs",
    "JudgeIn",
    "LineOut",
    "Output",
    "SheetIn",
    "StandingOut",
    "StepOut",
    "Summary",
    "compute",
    "digest_of",
    "normalized",
    "summary_of",
    "text_of",
]
