"""Slow work on entries, outside of any request: the judges' copies of files, and sealing what lies in clear."""

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
from app.entries.events import EntryAccepted, JudgesFileReplaced
from app.entries.models import BlindCopy, Entry, EntryVersion
from app.entries.operations.blinding import attach_clean_file
from app.entries.operations.sealing import seal_some
from app.entries.queries.blinding import blind_copy, is_blind_edition
from app.entries.rules.blinding import Findings, Identity, identity_of, must_be_cleaned, neutral_text
from app.entries.rules.leaks import leaks_in
from app.files.cleaning import clean_copy
from app.files.errors import FileMissing, FileRefused
from app.files.kinds import KINDS
from app.files.limits import MEGABYTE, Limits
from app.files.models import Blob
from app.files.operations.storing import Received, receive_bytes
from app.files.setup import storage

log = logging.getLogger(__name__)
ROOM = 400 * MEGABYTE
MOST_ROUNDS = 10_000


@task()
def clean_blind_files(entry_id: int) -> None:
    """Make the cleaned copy of every file of the entry's blind copy that has none yet. Safe to run twice.

    Nothing where no stage is blind; should a stage become blind later, ``finish_blind_copies`` takes it up.
    """
    copy = blind_copy(db.session, entry_id)
    if copy is None or not is_blind_edition(db.session, db.session.get_one(Entry, entry_id).edition_id):
        return
    version = db.session.get_one(EntryVersion, copy.version_id)
    identity = identity_of(version.content, version.form_version.schema)
    for number, file in enumerate(copy.content["files"]):
        if must_be_cleaned(file):
            _clean_one(copy, number, file, identity)


@subscribes(EntryAccepted, JudgesFileReplaced)
def make_judges_files(session: Session, event: EntryAccepted | JudgesFileReplaced, now: datetime) -> None:
    """An accepted entry and a new file need cleaned copies; they take their time, so a job makes them after the commit."""
    after_commit(session, clean_blind_files, event.entry_id)


def _clean_one(copy: BlindCopy, number: int, file: dict[str, Any], identity: Identity) -> None:
    cleaned, findings = _cleaned(file, identity)
    seen = copy.version_id
    with atomic() as session:
        lock(session, copy)
        current = copy.content["files"][number] if number < len(copy.content["files"]) else {}
        if copy.version_id == seen and must_be_cleaned(current) and current["source_blob_id"] == file["source_blob_id"]:
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
        if store.is_temporary(path):
            path.unlink(missing_ok=True)
        if content is None:
            return None, [{"place": file["name"], "kind": "withheld", "count": 1}]
        limits = Limits(types=tuple(KINDS), max_bytes=ROOM)
        return receive_bytes(content, file["name"], limits), [*findings.rows(), *leaks_in(content, file["name"], identity)]
    except (FileMissing, FileRefused, KeyError, ValueError, OSError) as error:
        log.warning("file %s of a blind copy could not be cleaned: %s", file["name"], type(error).__name__)
        return None, [{"place": file["name"], "kind": "withheld", "count": 1}]


@every(crontab(minute="*/10"))
def finish_blind_copies() -> None:
    """Take up what a killed worker left undone."""
    for copy in db.session.scalars(select(BlindCopy).order_by(BlindCopy.id.desc()).limit(500)):
        if any(must_be_cleaned(file) for file in copy.content["files"]):
            clean_blind_files(copy.entry_id)


@every(crontab(hour="18", minute="10"))
def seal_what_lies_in_clear() -> None:
    """After an update: answers that an earlier version kept in clear, a few hundred at a time."""
    for _round in range(MOST_ROUNDS):
        with atomic() as session:
            if not seal_some(session):
                return
