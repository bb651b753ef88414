"""Tables of entries, by noun."""

from .checks import Exclusion, FormalCheck, SavedView
from .entries import EditionRoom, Entry, EntryFile, EntryMove, EntryVersion
from .quota import TRIGGERS
from .stages import BlindCopy, BlindFile, StageEntry
from .teams import EntryMember, PartnerOrganization

__all__ = [
    "TRIGGERS",
    "BlindCopy",
    "BlindFile",
    "EditionRoom",
    "Entry",
    "EntryFile",
    "EntryMember",
    "EntryMove",
    "EntryVersion",
    "Exclusion",
    "FormalCheck",
    "PartnerOrganization",
    "SavedView",
    "StageEntry",
]  # fmt: skip
