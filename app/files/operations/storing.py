"""An upload in two steps: received (spooled, checked, durable in the store), then recorded as a row.

The first step is slow and touches no table, so that no transaction waits for it. A file whose row never came is swept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from app.core.authz import Actor
from app.core.codes import code
from app.files.errors import NoFile, TooLarge
from app.files.inspection import inspect
from app.files.limits import MEGABYTE, Limits
from app.files.models import Blob
from app.files.names import clean_name
from app.files.setup import storage
from app.files.storage import Storage, copy_stream, digest_of


@dataclass(frozen=True)
class Received:
    """A file that is durably stored and has been found right, but is not recorded yet."""

    key: str
    sha256: str
    size: int
    content_type: str
    name: str
    pages: int | None


def receive(upload: Any, limits: Limits, *, store: Storage | None = None) -> Received:
    """Take an uploaded file in: spool, sync, digest, inspect, put into the store. Raises a FileRefused, leaving nothing."""
    store = store or storage()
    if upload is None or not upload.filename:
        raise NoFile
    name = clean_name(upload.filename)
    path = store.temporary()
    try:
        copied = copy_stream(upload.stream, path, limits.max_bytes)
        if copied is None:
            raise TooLarge(_("This file is larger than %(limit)s MB.", limit=limits.max_bytes // MEGABYTE))
        size, sha256 = copied
        seen = inspect(path, name, upload.mimetype or "", limits)
        key = f"{sha256[:2]}/{sha256[:32]}-{code(10).lower()}"
        store.put(key, path)
    finally:
        path.unlink(missing_ok=True)
    return Received(key, sha256, size, seen.kind.content_type, name, seen.pages)


def store_upload(session: Session, *, upload: Any, limits: Limits | None = None, actor: Actor, now: datetime) -> Blob:
    """Record a received file; an upload that was not received yet is received first."""
    received = upload if isinstance(upload, Received) else receive(upload, limits or Limits())
    blob = Blob(
        key=received.key, sha256=received.sha256, size=received.size, content_type=received.content_type,
        name=received.name, pages=received.pages, uploaded_by_id=actor.user_id, stored_at=now,
    )  # fmt: skip
    session.add(blob)
    session.flush()  # what holds the file needs its id
    return blob


def take_in(path: Path, name: str, content_type: str, *, store: Storage | None = None) -> Received:
    """Put a file that the system itself has written at ``path`` into the store as it is; ``path`` is moved."""
    store = store or storage()
    size, sha256 = path.stat().st_size, digest_of(path)
    key = f"{sha256[:2]}/{sha256[:32]}-{code(10).lower()}"
    store.put(key, path)
    return Received(key, sha256, size, content_type, clean_name(name), None)


def receive_bytes(content: bytes, name: str, limits: Limits, *, store: Storage | None = None) -> Received:
    """Take in bytes that the system itself made, with the same checks as an upload."""
    upload = FileStorage(stream=BytesIO(content), filename=name, content_type="application/octet-stream")
    return receive(upload, limits, store=store)


def store_bytes(session: Session, *, content: bytes, name: str, limits: Limits, actor: Actor, now: datetime) -> Blob:
    """Receive and record bytes that the system itself made (a generated document)."""
    return store_upload(session, upload=receive_bytes(content, name, limits), actor=actor, now=now)
