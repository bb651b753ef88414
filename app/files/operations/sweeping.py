"""Removing files that belong to nothing: rows no other row points to, objects without a row, unfinished uploads."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from app.core.db import Base
from app.files.errors import FileMissing
from app.files.models import Blob
from app.files.storage import Storage, clear_spool

PATIENCE = timedelta(hours=24)


def forget_unused(session: Session, *, now: datetime) -> int:
    """Delete rows of files that were uploaded a day ago and never attached to anything; how many."""
    unused = select(Blob.id).where(Blob.stored_at < now - PATIENCE)
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column.table.name == "blobs" for key in column.foreign_keys):
                unused = unused.where(~exists().where(column == Blob.id))
    ids = list(session.scalars(unused.limit(1000)))
    if ids:
        session.execute(delete(Blob).where(Blob.id.in_(ids)))
    return len(ids)


def sweep_objects(session: Session, *, store: Storage, now: datetime) -> int:
    """Delete stored objects older than a day that have no row, and old spool files; how many objects."""
    before = (now - PATIENCE).timestamp()
    clear_spool(store.spool, before)
    old = [key for key, stored in store.objects() if stored < before]
    removed = 0
    for start in range(0, len(old), 500):
        part = old[start : start + 500]
        known = set(session.scalars(select(Blob.key).where(Blob.key.in_(part))))
        for key in set(part) - known:
            store.delete(key)
            removed += 1
    return removed


def dangling(session: Session, *, store: Storage) -> list[Blob]:
    """Rows whose object is missing or has other bytes than were received (the nightly check)."""
    wrong = []
    for blob in session.scalars(select(Blob).order_by(Blob.id)):
        try:
            path = store.fetch(blob.key, blob.sha256)
        except FileMissing:
            wrong.append(blob)
            continue
        if store.is_temporary(path):
            path.unlink(missing_ok=True)
    return wrong
