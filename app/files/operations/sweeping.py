"""Removing files that belong to nothing: rows no other row points to, objects without a row, unfinished uploads."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.core.authz import SYSTEM
from app.core.db import Base
from app.files.enums import ScanState
from app.files.errors import FileMissing
from app.files.events import FileAltered
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


def mark_altered(session: Session, *, wrong: Collection[int], now: datetime) -> int:
    """Hold the files whose bytes are not the received ones, and let go of those that are right again; how many are newly held.

    Delivery refuses them by their digest in any case. Records FileAltered for each newly found one.
    """
    held = set(session.scalars(select(Blob.id).where(Blob.scan == ScanState.HELD)))
    for blob in session.scalars(select(Blob).where(Blob.id.in_(held ^ set(wrong)))):
        blob.scan = ScanState.HELD if blob.id in wrong else ScanState.CLEAN
        if blob.id in wrong:
            record(session, FileAltered(blob.id, blob.sha256), actor=SYSTEM, now=now)
    return len(set(wrong) - held)


def altered_count(session: Session) -> int:
    """How many files the last nightly check found missing or altered."""
    return session.scalar(select(func.count()).where(Blob.scan == ScanState.HELD)) or 0
