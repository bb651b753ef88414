"""Why judging refuses: sentences that a judge or organizer can act on."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import CONSTRAINT_SENTENCES, DomainError


class StageNotOpen(DomainError):
    message = _l("Scoring is not open in this stage.")


class StageClosed(DomainError):
    message = _l("The scoring time of this stage is over. Please ask the organizer; what you typed is still on this page.")


class StageSealed(DomainError):
    message = _l("This stage is sealed: nothing in it changes any more.")


class AlreadySigned(DomainError):
    message = _l("This sheet is signed and locked. To change it, ask for it to be opened again.")


class NotAssigned(DomainError):
    message = _l("This entry is no longer assigned to you.")


class NotReady(DomainError):
    message = _l("The sheet is not complete yet.")


class UnknownItem(DomainError):
    message = _l("This sheet has no such line. Please reload the page.")


class StaleSheet(DomainError):
    """Another tab or device saved in between; carries what is stored now."""

    message = _l("This sheet was saved elsewhere in the meantime. Both values are shown; nothing was overwritten.")

    def __init__(self, revision: int, content: dict[str, object]) -> None:
        super().__init__()
        self.revision, self.content = revision, content


class BadMarks(DomainError):
    """Marks outside range or step; ``faults`` by item."""

    message = _l("Some marks cannot be stored. Please see the marked fields.")

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__()
        self.faults = faults


class DrawIsStale(DomainError):
    message = _l("Entries, judges or conflicts changed while the draw was being worked out. Please draw again.")


class PanelInUse(DomainError):
    message = _l("This panel already has assignments; it cannot be removed.")


class SeatInUse(DomainError):
    message = _l("This judge has signed sheets. The seat stays; the judge cannot be removed from it.")


class SeatNotReady(DomainError):
    message = _l("This judge has not accepted the invitation.")


class InConflict(DomainError):
    message = _l("This judge must not score this entry: there is a conflict of interest.")


class ScoresElsewhere(DomainError):
    message = _l("This judge already scores this entry in another panel of the stage. One person scores an entry once.")


class NoJudges(DomainError):
    message = _l("No judge of this panel has accepted yet.")


class NoEntries(DomainError):
    message = _l("No entry has reached this stage in the panel's calls yet.")


class NoFields(DomainError):
    message = _l("No judge of this panel has a track yet. Name the judges' tracks first, or let the lot decide.")


class CannotDraw(DomainError):
    """``reason`` names the entries and judges that block each other, where they are known."""

    message = _l("No assignment satisfies the limits. Raise the judges' load limits, lower the number of judges per entry or add judges.")

    def __init__(self, reason: str = "") -> None:
        super().__init__(f"{reason} {self.message}" if reason else None)


class PlanIsApplied(DomainError):
    message = _l("This plan has already been applied.")


class PlanIsStale(DomainError):
    message = _l("Judges, entries or conflicts have changed since this plan was made. Please propose a new one.")


class NothingToUndo(DomainError):
    message = _l("There is nothing to undo: judges have already begun, or no plan was applied.")


class ReopeningPending(DomainError):
    message = _l("Opening this sheet again has already been asked for.")


class ReopeningIsDecided(DomainError):
    message = _l("This request has already been decided.")


class SecondPersonDecides(DomainError):
    message = _l("A second person has to decide this.")


class ReasonMissing(DomainError):
    message = _l("Please give a reason of at least four characters.")


class NotSigned(DomainError):
    message = _l("This sheet is not signed; there is nothing to open again.")


class SheetsMissing(DomainError):
    """Sealing with unsigned sheets needs a reason."""

    def __init__(self, count: int) -> None:
        super().__init__(_l("%(count)s sheets are not signed. Remind the judges, or give a reason for sealing without them.", count=count))
        self.count = count


class InvitationGone(DomainError):
    message = _l("This invitation can no longer be answered. Please ask the organizer for a new one.")


CONSTRAINT_SENTENCES.update(
    {
        "uq_panels_stage_id_name": _l("There is already a panel of this name in this stage."),
        "panels.stage_id, panels.name": _l("There is already a panel of this name in this stage."),
        "uq_seats_panel_id_email": _l("This person already has a seat in this panel."),
        "seats.panel_id, seats.email": _l("This person already has a seat in this panel."),
        "uq_seats_chair": _l("This panel already has a chair."),
        "uq_assignments_judge": ScoresElsewhere.message,
        "seats.panel_id": _l("This panel already has a chair."),
        "uq_reopenings_pending": _l("Opening this sheet again has already been asked for."),
        "reopenings.sheet_id": _l("Opening this sheet again has already been asked for."),
    }
)
