"""Tables of judging, by noun."""

from .assignments import Assignment, AssignmentPlan, Conflict
from .panels import Panel, PanelCall, Seat
from .sheets import Mark, Reopening, ScoreSheet, SheetSave

__all__ = [
    "Assignment", "AssignmentPlan", "Conflict", "Mark", "Panel", "PanelCall", "Reopening", "ScoreSheet", "Seat", "SheetSave",
]  # fmt: skip
