"""Tables of judging, by noun."""

from .assignments import Assignment, AssignmentPlan, Conflict
from .panels import Panel, PanelCall, Seat, SeatTrack
from .sheets import Mark, Reopening, ScoreSheet, SheetSave

__all__ = [
    "Assignment", "AssignmentPlan", "Conflict", "Mark", "Panel", "PanelCall", "Reopening", "ScoreSheet", "Seat", "SeatTrack", "SheetSave",
]  # fmt: skip
