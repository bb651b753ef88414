"""Tables of calls, by noun."""

from .calls import Call, EntryGroup, Region, Track
from .editions import Announcement, Approval, Edition, EditionFile, Series
from .stages import RuleDossier, Stage, StageRuleVersion

__all__ = [
    "Announcement", "Approval", "Call", "Edition", "EditionFile", "EntryGroup", "Region", "RuleDossier", "Series", "Stage",
    "StageRuleVersion", "Track",
]  # fmt: skip
