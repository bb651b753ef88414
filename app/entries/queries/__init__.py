"""Reading entries, by audience."""

from . import affected, judged, team
from .judged import Material, MaterialFile, judged_stages, material_of, stage_entries
from .team import entries_visible_to, entry_by_code, members_of, my_entries, place_in

__all__ = [
    "Material",
    "MaterialFile",
    "affected",
    "entries_visible_to",
    "entry_by_code",
    "judged",
    "judged_stages",
    "material_of",
    "members_of",
    "my_entries",
    "place_in",
    "stage_entries",
    "team",
]  # fmt: skip
