"""What happens to messages."""

from __future__ import annotations

from app.audit.events import Event, event


@event("notify.batch_released", "message")
class BatchReleased(Event):
    first_id: int
    batch: str
    count: int
    edition_id: int | None


@event("notify.message_released", "message")
class MessageReleased(Event):
    message_id: int
    edition_id: int | None


@event("notify.message_dropped", "message")
class MessageDropped(Event):
    message_id: int
    edition_id: int | None
    reason: str


@event("notify.message_retried", "message")
class MessageRetried(Event):
    message_id: int
    edition_id: int | None


@event("notify.message_edited", "message")
class MessageEdited(Event):
    message_id: int
    edition_id: int | None
    reason: str
