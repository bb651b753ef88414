"""Rules as typed data: what an edition, a call and a stage compute by. Checked when saved, printed in the dossier."""

from .calls import CallRules, EditionRules, EligibilityRule
from .rubric import Band, Criterion, Deduction, Gate, Rubric, stretched
from .stages import (
    Advancement,
    Aggregation,
    AwardLevel,
    CategoryWeight,
    Disclosure,
    StageRules,
    TieStep,
)

__all__ = [
    "Advancement", "Aggregation", "AwardLevel", "Band", "CallRules", "CategoryWeight", "Criterion", "Deduction", "Disclosure",
    "EditionRules", "EligibilityRule", "Gate", "Rubric", "StageRules", "TieStep", "stretched",
]  # fmt: skip
