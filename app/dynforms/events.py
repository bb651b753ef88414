"""What happens to forms."""

from __future__ import annotations

from app.audit.events import Event, event


@event("dynforms.form_created", "form")
class FormCreated(Event):
    form_id: int
    edition_id: int | None


@event("dynforms.form_changed", "form")
class FormChanged(Event):
    form_id: int
    edition_id: int | None
    version: int


@event("dynforms.form_published", "form")
class FormPublished(Event):
    form_id: int
    edition_id: int | None
    version: int
    digest: str
    reason: str
