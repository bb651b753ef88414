"""What happens to personal data as such. Only numbers: these facts outlive the person's data."""

from __future__ import annotations

from app.audit.events import Event, event


@event("privacy.expired_removed", "inventory")
class ExpiredRemoved(Event):
    table: str
    count: int


@event("privacy.data_exported", "user")
class DataExported(Event):
    user_id: int
    digest: str


@event("privacy.erasure_requested", "erasure")
class ErasureRequested(Event):
    erasure_id: int
    user_id: int


@event("privacy.erasure_proposed", "erasure")
class ErasureProposed(Event):
    erasure_id: int
    user_id: int
    digest: str


@event("privacy.erasure_withdrawn", "erasure")
class ErasureWithdrawn(Event):
    erasure_id: int
    user_id: int


@event("privacy.erasure_refused", "erasure")
class ErasureRefused(Event):
    erasure_id: int
    user_id: int
    reason: str


@event("privacy.person_erased", "erasure")
class PersonErased(Event):
    erasure_id: int
    user_id: int
    removed: dict[str, int]
