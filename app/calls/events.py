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
