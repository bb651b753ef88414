"""What happens in talent programmes."""

from __future__ import annotations

from app.audit.events import Event, event


@event("talent.program_saved", "program")
class ProgramSaved(Event):
    program_id: int
    organization_id: int
    code: str


@event("talent.program_closed", "program")
class ProgramClosedOff(Event):
    program_id: int
    reason: str


@event("talent.tier_saved", "tier")
class TierSaved(Event):
    tier_id: int
    program_id: int
    code: str


@event("talent.fast_track_saved", "fast_track")
class FastTrackSaved(Event):
    fast_track_id: int
    edition_id: int
    award_key: str
    tier_id: int


@event("talent.fast_track_removed", "fast_track")
class FastTrackRemoved(Event):
    fast_track_id: int
    edition_id: int
    reason: str


@event("talent.record_proposed", "selection_record")
class RecordProposed(Event):
    record_id: int
    edition_id: int
    award_id: int
    tier_id: int
    number: str


@event("talent.check_decided", "selection_check")
class CheckDecided(Event):
    check_id: int
    record_id: int
    edition_id: int | None
    kind: str
    result: str
    reason: str


@event("talent.checks_finished", "selection_record")
class ChecksDone(Event):
    record_id: int
    edition_id: int | None


@event("talent.checks_reopened", "selection_record")
class ChecksReopened(Event):
    record_id: int
    edition_id: int | None
    reason: str


@event("talent.record_put_on_notice", "selection_record")
class RecordPutOnNotice(Event):
    record_id: int
    edition_id: int | None
    notice_id: int


@event("talent.record_confirmed", "selection_record")
class RecordConfirmed(Event):
    record_id: int
    edition_id: int | None
    number: str


@event("talent.record_refused", "selection_record")
class RecordRefused(Event):
    record_id: int
    edition_id: int | None
    reason: str


@event("talent.record_revoked", "selection_record")
class RecordRevoked(Event):
    record_id: int
    edition_id: int | None
    reason: str
