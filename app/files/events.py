"""What happens to stored files."""

from __future__ import annotations

from app.audit.events import Event, event


@event("files.file_altered", "file")
class FileAltered(Event):
    id: int
    sha256: str
