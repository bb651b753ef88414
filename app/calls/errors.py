"""Refusals of this feature, each named after the condition that failed."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from app.core.errors import CONSTRAINT_SENTENCES, DomainError

CONSTRAINT_SENTENCES.update(
    {
        "uq_editions_code": _l("This code is already in use. Please choose another."),
        "editions.code": _l("This code is already in use. Please choose another."),
        "uq_calls_cell": _l("There is already a division for this track, group and region."),
        "ck_calls_window_in_order": _l("The window must end after it begins."),
        "ck_stages_window_in_order": _l("The stage must end after it begins."),
        "uq_tracks_edition_id_code": _l("This track code is already in use."),
        "uq_entry_groups_edition_id_code": _l("This group code is already in use."),
        "uq_regions_edition_id_code": _l("This region code is already in use."),
    }
)


class UnknownPreset(DomainError):
    message = _l("There is no such preset.")


class CodeTaken(DomainError):
    message = _l("This code is already in use. Please choose another.")


class NotEditable(DomainError):
    """The edition waits for the host, is cancelled or archived."""

    message = _l("In its present state the edition cannot be changed. While it is with the host, have it sent back first.")


class NeedsApproval(DomainError):
    """After publication this is changed by asking, and a second person decides."""

    message = _l("The edition is published: this change has to be asked for with a reason and decided by the host.")


class EditionIncomplete(DomainError):
    """Something that the checklist demands is missing."""

    def __init__(self, faults: Sequence[object]) -> None:
        super().__init__(" ".join(str(fault) for fault in faults))
        self.faults = list(faults)


class RulesFaulty(DomainError):
    """A stage cannot open by these rules; every fault is named with its figures."""

    def __init__(self, faults: Sequence[object]) -> None:
        super().__init__(" ".join(str(fault) for fault in faults))
        self.faults = list(faults)


class SamePerson(DomainError):
    message = _l("Two persons stand between: whoever asked for this cannot also decide it.")


class ApprovalStale(DomainError):
    message = _l("What was to be approved has changed since it was asked for. It has to be asked for again.")


class AlreadyDecided(DomainError):
    message = _l("This has already been decided.")


class AlreadyAsked(DomainError):
    message = _l("A change of this is already waiting for the host's decision.")


class WindowInPast(DomainError):
    message = _l("The new time lies in the past. A deadline is never moved to before now.")


class WindowDisordered(DomainError):
    message = _l("The window must end after it begins.")


class NotPublished(DomainError):
    message = _l("A stage is opened only in a published edition.")


class WindowsNotOver(DomainError):
    message = _l("A file is closed on what took place: entries can still come in. To end the contest now, ask for it to be called off.")


class JudgingIsOver(DomainError):
    message = _l("The first judged stage is sealed: whoever entered now would be judged by nobody. The windows stay as they are.")


class EarlierStageOpen(DomainError):
    message = _l("The stage before this one is not finished yet.")


class StageFrozen(DomainError):
    message = _l("This stage has been opened. Its rules change only by a decision of the host, with a reason.")


class StageSealed(DomainError):
    message = _l("This stage is sealed: its rules can no longer be changed.")


class InUse(DomainError):
    message = _l("This is in use and cannot be removed.")


class ReasonMissing(DomainError):
    message = _l("Please give a reason of at least four characters.")


class MarksExist(DomainError):
    message = _l("Marks have already been given by this rubric. The rubric stays; other rules of the stage may still change.")


class UnknownThing(DomainError):
    message = _l("This does not belong to the edition, or is no longer there.")
