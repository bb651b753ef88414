"""What happens to panels, seats, assignments and sheets. Marks and names of judges never enter the journal's words."""

from __future__ import annotations

from app.audit.events import Event, event


@event("judging.panel_added", "panel")
class PanelAdded(Event):
    id: int
    edition_id: int
    stage_id: int
    title: str


@event("judging.panel_changed", "panel")
class PanelChanged(Event):
    id: int
    edition_id: int
    stage_id: int
    title: str


@event("judging.panel_removed", "panel")
class PanelRemoved(Event):
    id: int
    edition_id: int
    stage_id: int
    title: str


@event("judging.seat_added", "seat")
class SeatAdded(Event):
    id: int
    edition_id: int
    panel_id: int
    category: str
    is_chair: bool


@event("judging.seat_changed", "seat")
class SeatChanged(Event):
    id: int
    edition_id: int
    panel_id: int
    category: str
    is_chair: bool


@event("judging.seat_removed", "seat")
class SeatRemoved(Event):
    id: int
    edition_id: int
    panel_id: int
    reason: str


@event("judging.judge_invited", "seat")
class JudgeInvited(Event):
    id: int
    edition_id: int
    panel_id: int
    again: bool


@event("judging.seat_accepted", "seat")
class SeatAccepted(Event):
    id: int
    edition_id: int
    panel_id: int
    statement_digest: str
    declared: int


@event("judging.seat_declined", "seat")
class SeatDeclined(Event):
    id: int
    edition_id: int
    panel_id: int
    reason: str


@event("judging.conflicts_found", "panel")
class ConflictsFound(Event):
    id: int
    edition_id: int
    found: int
    gone: int
    stopped: int


@event("judging.conflict_set", "seat")
class ConflictSet(Event):
    id: int
    edition_id: int
    entry_id: int
    source: str


@event("judging.conflict_lifted", "seat")
class ConflictLifted(Event):
    id: int
    edition_id: int
    entry_id: int
    reason: str


@event("judging.assignments_proposed", "assignment_plan")
class AssignmentsProposed(Event):
    id: int
    edition_id: int
    panel_id: int
    seed: str
    digest: str


@event("judging.assignments_applied", "assignment_plan")
class AssignmentsApplied(Event):
    id: int
    edition_id: int
    panel_id: int
    added: int
    removed: int
    digest: str


@event("judging.assignments_undone", "assignment_plan")
class AssignmentsUndone(Event):
    id: int
    edition_id: int
    panel_id: int
    count: int


@event("judging.entry_opened_by_judge", "assignment")
class EntryOpenedByJudge(Event):
    id: int
    edition_id: int
    entry_id: int


@event("judging.sheet_saved", "score_sheet")
class SheetSaved(Event):
    id: int
    edition_id: int
    assignment_id: int
    revision: int
    digest: str


@event("judging.sheet_signed", "score_sheet")
class SheetSigned(Event):
    id: int
    edition_id: int
    assignment_id: int
    revision: int
    digest: str
    receipt_code: str


@event("judging.judge_recused", "assignment")
class JudgeRecused(Event):
    id: int
    edition_id: int
    entry_id: int
    reason: str


@event("judging.reopening_asked", "score_sheet")
class ReopeningAsked(Event):
    id: int
    edition_id: int
    reopening_id: int
    reason: str


@event("judging.reopening_decided", "score_sheet")
class ReopeningDecided(Event):
    id: int
    edition_id: int
    reopening_id: int
    agreed: bool
    remark: str


@event("judging.strike_asked", "score_sheet")
class StrikeAsked(ReopeningAsked):
    pass


@event("judging.strike_decided", "score_sheet")
class StrikeDecided(ReopeningDecided):
    pass


@event("judging.judges_reminded", "stage")
class JudgesReminded(Event):
    id: int
    edition_id: int
    count: int


@event("judging.sealed_with_gaps", "stage")
class SealedWithGaps(Event):
    id: int
    edition_id: int
    missing: int
    reason: str
