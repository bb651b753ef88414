"""What happens to backups."""

from __future__ import annotations

from datetime import datetime

from app.audit.events import Event, event


@event("backup.backup_made", "backup")
class BackupMade(Event):
    """Everything up to ``taken_at`` lies in a sealed file. ``missing``: stored files that were not there, or not as received."""

    archive: str
    taken_at: datetime
    bytes: int
    files: int
    missing: int


@event("backup.restoration_opened", "restoration")
class RestorationOpened(Event):
    """A restored copy was compared with notes from outside and works from now on. ``reason``: why without notes, when there were none."""

    restoration_id: int
    archive: str
    taken_at: datetime
    compared: int
    reason: str


@event("backup.facts_lost", "restoration")
class FactsLost(Event):
    """Notes from outside speak of these facts of the chain; the backup is older. Later facts carry their numbers again."""

    restoration_id: int
    first: int
    last: int
    edition_id: int | None = None
