"""Reading entries, by audience."""

from . import affected, judged, team
from .judged import JudgeEntry, JudgeFile, judge_entry, judge_file, stage_entries
from .team import entries_visible_to, entry_by_code, members_of, my_entries, place_in

__all__ = [
    "JudgeEntry",
    "JudgeFile",
    "affected",
    "entries_visible_to",
    "entry_by_code",
    "judge_entry",
    "judge_file",
    "judged",
    "members_of",
    "my_entries",
    "place_in",
    "stage_entries",
    "team",
]  # fmt: skip
