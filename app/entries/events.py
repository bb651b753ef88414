"""What happens to entries and their teams."""

from __future__ import annotations

from app.audit.events import Event, event


@event("entries.entry_started", "entry")
class EntryStarted(Event):
    entry_id: int
    edition_id: int
    call_id: int


@event("entries.answers_saved", "entry")
class AnswersSaved(Event):
    entry_id: int
    edition_id: int
    fields: list[str]
    revision: int


@event("entries.file_attached", "entry")
class FileAttached(Event):
    entry_id: int
    edition_id: int
    field: str
    sha256: str
    replaced_file_id: int | None


@event("entries.file_removed", "entry")
class FileRemoved(Event):
    entry_id: int
    edition_id: int
    field: str
    file_id: int


@event("entries.entry_submitted", "entry")
class EntrySubmitted(Event):
    entry_id: int
    edition_id: int
    version_id: int
    number: int
    digest: str
    receipt_code: str


@event("entries.entry_returned", "entry")
class EntryReturned(Event):
    entry_id: int
    edition_id: int
    reason: str
    open_fields: list[str]
    due_at: str


@event("entries.entry_accepted", "entry")
class EntryAccepted(Event):
    entry_id: int
    edition_id: int
    version_id: int
    stage_id: int | None


@event("entries.entry_rejected", "entry")
class EntryRejected(Event):
    entry_id: int
    edition_id: int
    reason: str


@event("entries.entry_disqualified", "entry")
class EntryDisqualified(Event):
    entry_id: int
    edition_id: int
    reason: str


@event("entries.entry_reinstated", "entry")
class EntryReinstated(Event):
    entry_id: int
    edition_id: int
    reason: str


@event("entries.entry_withdrawn", "entry")
class EntryWithdrawn(Event):
    entry_id: int
    edition_id: int
    reason: str


@event("entries.member_invited", "entry")
class MemberInvited(Event):
    entry_id: int
    edition_id: int
    member_id: int


@event("entries.member_answered", "entry")
class MemberAnswered(Event):
    entry_id: int
    edition_id: int
    member_id: int
    confirmed: bool


@event("entries.member_changed", "entry")
class MemberChanged(Event):
    entry_id: int
    edition_id: int
    member_id: int
    right: str
    role: str


@event("entries.member_removed", "entry")
class MemberRemoved(Event):
    entry_id: int
    edition_id: int
    member_id: int


@event("entries.leadership_handed_over", "entry")
class LeadershipHandedOver(Event):
    entry_id: int
    edition_id: int
    from_user_id: int
    to_user_id: int


@event("entries.partners_changed", "entry")
class PartnersChanged(Event):
    entry_id: int
    edition_id: int
    number: int


@event("entries.blind_copy_made", "entry")
class BlindCopyMade(Event):
    entry_id: int
    edition_id: int
    version_id: int
    findings: int


@event("entries.blind_file_decided", "entry")
class BlindFileDecided(Event):
    entry_id: int
    edition_id: int
    number: int
    decision: str
    reason: str


@event("entries.judges_file_replaced", "entry")
class JudgesFileReplaced(Event):
    entry_id: int
    edition_id: int
    number: int
    sha256: str


@event("entries.teams_written_to", "edition")
class TeamsWrittenTo(Event):
    id: int
    edition_id: int
    heading: str
    entries: int
    messages: int


@event("entries.entries_exported", "edition")
class EntriesExported(Event):
    id: int
    edition_id: int
    columns: list[str]
    number: int


@event("entries.answer_revealed", "entry")
class AnswerRevealed(Event):
    entry_id: int
    edition_id: int
    field: str
    reason: str


@event("entries.exclusion_asked", "entry")
class ExclusionAsked(Event):
    entry_id: int
    edition_id: int
    action: str
    reason: str


@event("entries.exclusion_refused", "entry")
class ExclusionRefused(Event):
    entry_id: int
    edition_id: int
    action: str
