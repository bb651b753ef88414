"""What happens to editions, calls and stages."""

from __future__ import annotations

from app.audit.events import Event, event


@event("calls.edition_frozen", "edition")
class EditionFrozen(Event):
    id: int
    edition_id: int
    reason: str


@event("calls.edition_unfrozen", "edition")
class EditionUnfrozen(Event):
    id: int
    edition_id: int
    reason: str


@event("calls.access_ended", "edition")
class AccessEnded(Event):
    """The people of a finished edition have lost their access. ``roles``: how many roles ended; ``days``: after how many days."""

    id: int
    edition_id: int
    days: int
    roles: int


@event("calls.edition_created", "edition")
class EditionCreated(Event):
    id: int
    edition_id: int
    preset: str
    cloned_from_id: int | None


@event("calls.edition_edited", "edition")
class EditionEdited(Event):
    id: int
    edition_id: int
    fields: list[str]


@event("calls.publication_requested", "edition")
class PublicationRequested(Event):
    id: int
    edition_id: int
    approval_id: int


@event("calls.edition_sent_back", "edition")
class EditionSentBack(Event):
    id: int
    edition_id: int
    approval_id: int
    reason: str


@event("calls.edition_published", "edition")
class EditionPublished(Event):
    id: int
    edition_id: int
    approval_id: int
    dossier_number: int
    dossier_digest: str


@event("calls.edition_cancelled", "edition")
class EditionCancelled(Event):
    id: int
    edition_id: int
    reason: str


@event("calls.edition_archived", "edition")
class EditionArchived(Event):
    id: int
    edition_id: int


@event("calls.edition_discarded", "edition")
class EditionDiscarded(Event):
    id: int
    edition_id: int
    code: str
    reason: str


@event("calls.divisions_arranged", "edition")
class DivisionsArranged(Event):
    id: int
    edition_id: int
    added: list[str]
    removed: list[str]


@event("calls.call_edited", "call")
class CallEdited(Event):
    id: int
    edition_id: int
    fields: list[str]


@event("calls.windows_moved", "edition")
class WindowsMoved(Event):
    """``windows``: call id → [opens, closes] in UTC; ``approval_id`` when the edition was already published."""

    id: int
    edition_id: int
    windows: dict[str, list[str]]
    approval_id: int | None


@event("calls.stage_added", "stage")
class StageAdded(Event):
    id: int
    edition_id: int
    kind: str


@event("calls.stage_removed", "stage")
class StageRemoved(Event):
    id: int
    edition_id: int
    title: str


@event("calls.stage_edited", "stage")
class StageEdited(Event):
    id: int
    edition_id: int
    digest: str


@event("calls.stage_opened", "stage")
class StageOpened(Event):
    id: int
    edition_id: int
    rule_number: int
    rule_digest: str


@event("calls.stage_sealed", "stage")
class StageSealedOff(Event):
    id: int
    edition_id: int


@event("calls.stage_released", "stage")
class StageReleased(Event):
    id: int
    edition_id: int


@event("calls.change_requested", "approval")
class ChangeRequested(Event):
    id: int
    edition_id: int
    kind: str
    thing_id: int
    reason: str


@event("calls.change_decided", "approval")
class ChangeDecided(Event):
    """A second person decided a change of published rules or dates."""

    id: int
    edition_id: int
    kind: str
    thing_id: int
    approved: bool
    remark: str
    affected: dict[str, int]


@event("calls.change_lapsed", "approval")
class ChangeLapsed(Event):
    """What a change was asked for has moved on; nobody decided it."""

    id: int
    edition_id: int
    kind: str
    thing_id: int


@event("calls.rules_versioned", "stage")
class RulesVersioned(Event):
    """New rules are in force for an opened stage."""

    id: int
    edition_id: int
    number: int
    digest: str
    reason: str


@event("calls.dossier_published", "dossier")
class DossierPublished(Event):
    id: int
    edition_id: int
    number: int
    digest: str


@event("calls.announcement_published", "announcement")
class AnnouncementPublished(Event):
    id: int
    edition_id: int
    title: str


@event("calls.announcement_withdrawn", "announcement")
class AnnouncementWithdrawn(Event):
    id: int
    edition_id: int
    title: str


@event("calls.file_offered", "edition_file")
class FileOffered(Event):
    id: int
    edition_id: int
    blob_id: int


@event("calls.file_removed", "edition_file")
class FileRemoved(Event):
    id: int
    edition_id: int
    blob_id: int
