"""What happens to ordered files."""

from __future__ import annotations

from app.audit.events import Event, event


@event("downloads.download_ordered", "download")
class DownloadOrdered(Event):
    id: int
    edition_id: int | None
    kind: str


@event("downloads.download_made", "download")
class DownloadMade(Event):
    id: int
    edition_id: int | None
    kind: str
    sha256: str


@event("downloads.download_fetched", "download")
class DownloadFetched(Event):
    id: int
    edition_id: int | None
    kind: str
    sha256: str
