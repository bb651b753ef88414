"""What happens to documents."""

from __future__ import annotations

from app.audit.events import Event, event


@event("documents.seal_changed", "organization")
class SealChanged(Event):
    organization_id: int
    digest: str
