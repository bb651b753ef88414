"""What happens to notices."""

from __future__ import annotations

from app.audit.events import Event, event


@event("notices.notice_drafted", "notice")
class NoticeDrafted(Event):
    notice_id: int
    edition_id: int | None
    kind: str


@event("notices.notice_published", "notice")
class NoticePublished(Event):
    notice_id: int
    edition_id: int | None
    number: str
    digest: str
    starts_on: str
    ends_on: str


@event("notices.notice_withdrawn", "notice")
class NoticeWithdrawn(Event):
    notice_id: int
    edition_id: int | None
    number: str
    reason: str


@event("notices.notice_dropped", "notice")
class NoticeDropped(Event):
    notice_id: int
    edition_id: int | None
