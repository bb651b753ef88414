"""Slow work on entries, outside of any transaction: the judges' copies of files."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from huey import crontab
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.bus import subscribes
from app.core import clock
from app.core.authz import SYSTEM
from app.core.db import db
from app.core.jobs import every, task
from app.core.uow import after_commit, atomic, lock
from app.entries.events import EntryAccepted
from app.entries.models import BlindCopy, EntryVersion
from app.entries.operations.blinding import attach_clean_file
from app.entries.rules.blinding import Findings, Identity, identity_of, neutral_text
from app.files.cleaning import clean_copy, page_texts
from app.files.errors import FileMissing, FileRefused
from app.files.kinds import KINDS
from app.files.limits import MEGABYTE, Limits
from app.files.models import Blob
from app.files.operations.storing import Received, receive_bytes
from app.files.setup import storage

log = logging.getLogger(__name__)
ROOM = 400 * MEGABYTE


@task()
def clean_blind_files(entry_id: int) -> None:
    """Make the cleaned copy of every file of the entry's blind copy that has none yet. Safe to run twice."""
    copy = db.session.scalar(select(BlindCopy).where(BlindCopy.entry_id == entry_id))
    if copy is None:
        return
    version = db.session.get_one(EntryVersion, copy.version_id)
    identity = identity_of(version.content, version.form_version.schema)
    for number, file in enumerate(copy.content["files"]):
        if file.get("blob_id") is None and not file.get("withheld"):
            _clean_one(copy, number, file, identity)


@subscribes(EntryAccepted)
def make_judges_files(session: Session, event: EntryAccepted, now: datetime) -> None:
    """An accepted entry needs cleaned copies; they take their time, so a job makes them after the commit."""
    after_commit(session, clean_blind_files, event.entry_id)


def _clean_one(copy: BlindCopy, number: int, file: dict[str, Any], identity: Identity) -> None:
    cleaned, findings = _cleaned(file, identity)
    seen = copy.version_id
    with atomic() as session:
        lock(session, copy)
        current = copy.content["files"][number] if number < len(copy.content["files"]) else {}
        if copy.version_id == seen and current.get("blob_id") is None and not current.get("withheld"):
            attach_clean_file(session, copy=copy, number=number, cleaned=cleaned, findings=findings, actor=SYSTEM, now=clock.now())


def _cleaned(file: dict[str, Any], identity: Identity) -> tuple[Received | None, list[dict[str, Any]]]:
    """The stored cleaned copy, or None with a finding that says why the file is withheld."""
    blob = db.session.get_one(Blob, file["source_blob_id"])
    store = storage()
    try:
        path = store.fetch(blob.key, blob.sha256)
        content, findings = clean_copy(path, file["name"]), Findings()
        if content is None and KINDS[file["name"].rpartition(".")[2]].family == "text":
            content = neutral_text(path.read_text(encoding="utf-8", errors="replace"), identity, file["name"], findings).encode()
        rows = [*findings.rows(), *_leaks(path, file["name"], identity)]
        if store.is_temporary(path):
            path.unlink(missing_ok=True)
        if content is None:
            return None, [{"place": file["name"], "kind": "withheld", "count": 1}]
        limits = Limits(types=tuple(KINDS), max_bytes=ROOM)
        return receive_bytes(content, file["name"], limits), rows
    except (FileMissing, FileRefused, KeyError, ValueError, OSError) as error:
        log.warning("file %s of a blind copy could not be cleaned: %s", file["name"], type(error).__name__)
        return None, [{"place": file["name"], "kind": "withheld", "count": 1}]


def _leaks(path: Any, name: str, identity: Identity) -> list[dict[str, Any]]:
    """Names and contacts within the pages: they cannot be replaced there, so the staff is shown where they stand."""
    rows: list[dict[str, Any]] = []
    if not name.endswith(".pdf"):
        return rows
    for page, text in page_texts(path):
        found = Findings()
        neutral_text(text, identity, name, found)
        rows += [{**row, "page": page} for row in found.rows()]
    return rows


@every(crontab(minute="*/10"))
def finish_blind_copies() -> None:
    """Take up what a killed worker left undone."""
    for copy in db.session.scalars(select(BlindCopy).order_by(BlindCopy.id.desc()).limit(500)):
        if any(f.get("blob_id") is None and not f.get("withheld") for f in copy.content["files"]):
            clean_blind_files(copy.entry_id)
