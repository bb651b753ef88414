"""Making ordered files, one after the other; taking up what a lost worker left; removing what is past its time."""

from __future__ import annotations

import logging
from datetime import datetime

from flask_babel import force_locale
from huey import crontab
from sqlalchemy.orm import Session

from app.audit.bus import subscribes
from app.core import clock
from app.core.db import db
from app.core.errors import DomainError
from app.core.jobs import every, task
from app.core.uow import after_commit, atomic
from app.files.operations.storing import take_in
from app.files.setup import storage

from .events import DownloadOrdered
from .kinds import KINDS
from .models import Download
from .operations import begin_making, expire_downloads, fail_making, finish_making, note_progress
from .queries import left_behind

log = logging.getLogger(__name__)


@task()
def make_download(download_id: int) -> None:
    """Make the file. Safe to run twice: only one worker gets it at a time."""
    row = db.session.get(Download, download_id)
    if row is None:
        return
    with force_locale(row.locale), atomic() as session:
        if not begin_making(session, download=row, now=clock.now()):
            return
    try:
        with force_locale(row.locale):
            _make(row)
    except DomainError as error:
        _failed(row, str(error), final=True)
    except Exception:
        log.exception("download %s of kind %s could not be made", row.id, row.kind)
        _failed(row, "", final=False)


def _make(row: Download) -> None:
    kind, path = KINDS[row.kind], storage().temporary()

    def report(done: int, total: int) -> None:
        with atomic() as session:
            note_progress(session, download=row, done=done, total=total)

    try:
        kind.make(db.session, dict(row.params), row.locale, path, report)
        made = take_in(path, f"{row.title}.{kind.suffix}", kind.content_type)
    finally:
        path.unlink(missing_ok=True)
    with atomic() as session:
        finish_making(session, download=row, made=made, now=clock.now())


def _failed(row: Download, reason: str, *, final: bool) -> None:
    db.session.rollback()
    with atomic() as session:
        fail_making(session, download=row, reason=reason, final=final)


@subscribes(DownloadOrdered)
def start_making(session: Session, event: DownloadOrdered, now: datetime) -> None:
    """The worker is woken when the order is durable; the sweep finds what it missed."""
    after_commit(session, make_download, event.id)


@every(crontab())
def take_up_downloads() -> None:
    """Every minute: orders that nobody took."""
    for download_id in left_behind(db.session, clock.now()):
        make_download(download_id)


@every(crontab(minute="7"))
def remove_old_downloads() -> None:
    """Every hour: files whose time is over, with their bytes."""
    with atomic() as session:
        keys = expire_downloads(session, now=clock.now())
    for key in keys:
        storage().delete(key)
