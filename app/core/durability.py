"""What would let an acknowledged save be lost: settings of the database, and the disk that it lies on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine, text

from .db import SAFE_WAL

NETWORK_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "ceph", "glusterfs"})
MOUNTS = Path("/proc/mounts")


class UnsafeDatabaseError(RuntimeError):
    """Production does not start on a database that may lose what it acknowledged; the message says what to change."""


def dangers(engine: Engine) -> Iterator[str]:
    """One sentence for each setting that must not be."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                value = str(connection.scalar(text(f"SHOW {name}")))
                if value in {"off", "local"}:
                    yield f"PostgreSQL runs with {name} = {value}. Switch it on."
            return
        mode, level = connection.scalar(text("PRAGMA journal_mode")), int(connection.scalar(text("PRAGMA synchronous")) or 0)
        version = str(connection.scalar(text("SELECT sqlite_version()")))
    if level < 2:
        yield f"SQLite runs with synchronous = {level}. It must be FULL."
    if mode == "wal" and tuple(map(int, version.split("."))) < SAFE_WAL:
        yield f"SQLite {version} can damage a file in WAL mode. Use 3.51.3 or newer."
    kind = file_system_of(engine.url.database or "")
    if kind in NETWORK_FILE_SYSTEMS:
        yield f"The database lies on a network file system ({kind}), whose locks cannot be trusted. Move it to a local disk."


def refuse_unsafe(engine: Engine) -> None:
    """Raise UnsafeDatabaseError when there is any danger."""
    found = list(dangers(engine))
    if found:
        raise UnsafeDatabaseError("Acknowledged scores could be lost, so this does not start. " + " ".join(found))


def file_system_of(path: str, mounts: Path = MOUNTS) -> str:
    """The kind of file system that holds the path, as the kernel tells it; empty where it cannot be known."""
    if not mounts.exists():
        return ""
    real, best, kind = os.path.realpath(path), "", ""
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        parts = line.split()
        if len(parts) > 2 and (real + "/").startswith(parts[1].rstrip("/") + "/") and len(parts[1]) > len(best):
            best, kind = parts[1], parts[2]
    return kind


def compact(engine: Engine) -> bool:
    """Write the SQLite file anew, so that what was deleted is no longer in its free pages or its log; False for another database.

    Readers go on; writers wait, about a second for each 200 MB. Raises TimeoutError when readers keep the log from being emptied.
    """
    if engine.dialect.name != "sqlite":
        return False
    raw = engine.raw_connection()  # VACUUM runs outside of any transaction
    try:
        raw.cursor().execute("VACUUM").fetchall()
        is_busy = any(row[0] for row in raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())
    finally:
        raw.close()
    if is_busy:
        raise TimeoutError("somebody kept reading: the log still holds the old pages, so this must be done again")
    return True
