"""The bridge to ``scoring``: from frozen rules and signed sheets to standings, cut line and awards, with a trace for every number."""

from scoring import ScoringError as EngineRefusal

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
