"""The steps of making an ordered file, each in its own short transaction; the making itself is in none."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.core.authz import SYSTEM
from app.core.claims import claim, give_up, is_free
from app.core.uow import lock
from app.downloads.enums import DownloadState
from app.downloads.events import DownloadMade
from app.downloads.models import Download
from app.downloads.queries import PATIENCE, may_have
from app.files.operations import Received, store_upload

from .ordering import KEPT


def begin_making(session: Session, *, download: Download, now: datetime) -> bool:
    """Claim the file for this worker; False when another one has it, it is done, or its requester may not have it any more."""
    lock(session, download)
    if not is_free(download, DownloadState, patience=PATIENCE, now=now):
        return False
    if not may_have(session, download):
        download.state, download.failure = DownloadState.FAILED, _("You have lost the right to this file since you ordered it.")
        return False
    if not claim(download, DownloadState, now=now):
        return False
    download.done = 0
    return True


def note_progress(session: Session, *, download: Download, done: int, total: int) -> None:
    """How far it is, for the page that waits."""
    download.done, download.total = done, total


def finish_making(session: Session, *, download: Download, made: Received, now: datetime) -> None:
    """Keep the file for its requester. Records DownloadMade."""
    lock(session, download)
    blob = store_upload(session, upload=made, actor=SYSTEM, now=now)
    download.state, download.blob_id, download.ready_at, download.expires_at = DownloadState.READY, blob.id, now, now + KEPT
    download.done = download.total
    session.flush()  # the fact follows the row
    record(session, DownloadMade(download.id, download.edition_id, download.kind, blob.sha256), actor=SYSTEM, now=now)


def fail_making(session: Session, *, download: Download, reason: str, final: bool) -> None:
    """Say why; without ``final`` it is tried again."""
    lock(session, download)
    give_up(download, DownloadState, reason=reason, final=final)
