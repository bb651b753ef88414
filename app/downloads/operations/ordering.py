"""Ordering a long file, noting that it was fetched, removing it when its time is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.core import codes
from app.core.authz import Actor, authorize
from app.downloads.enums import DownloadState
from app.downloads.errors import TooManyOrdered
from app.downloads.events import DownloadFetched, DownloadOrdered
from app.downloads.kinds import KINDS
from app.downloads.models import Download
from app.files.models import Blob

KEPT = timedelta(hours=12)
MOST_WAITING = 10
OPEN = (DownloadState.WAITING, DownloadState.RUNNING)


def order_download(session: Session, *, kind: str, params: dict[str, Any], title: str, locale: str, actor: Actor, now: datetime,
                   edition_id: int | None = None) -> Download:  # fmt: skip
    """Have the file made in the background; the same order that is still being made is returned. Records DownloadOrdered."""
    authorize(KINDS[kind].may(session, actor, params))
    mine = select(Download).where(Download.requester_id == actor.user_id, Download.state.in_(OPEN))
    waiting = list(session.scalars(mine.with_for_update()))
    for known in waiting:
        if (known.kind, known.params, known.locale) == (kind, params, locale):
            return known
    if len(waiting) >= MOST_WAITING:
        raise TooManyOrdered
    row = Download(
        code=codes.token(), kind=kind, title=title[:200], params=params, locale=locale, requester_id=actor.user_id, edition_id=edition_id,
        ordered_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()  # the fact names it
    record(session, DownloadOrdered(row.id, edition_id, kind), actor=actor, now=now)
    return row


def note_fetched(session: Session, *, download: Download, actor: Actor, now: datetime) -> None:
    """Who took the file out, by its SHA-256. Records DownloadFetched."""
    assert download.blob is not None
    fact = DownloadFetched(download.id, download.edition_id, download.kind, download.blob.sha256)
    record(session, fact, actor=actor, now=now)


def expire_downloads(session: Session, *, now: datetime) -> list[str]:
    """Take back the files whose time is over; the keys of their objects, to be deleted after the commit."""
    over = select(Download).where(Download.state == DownloadState.READY, Download.expires_at <= now).limit(500)
    keys = []
    for row in session.scalars(over.with_for_update()):
        blob = session.get_one(Blob, row.blob_id)
        row.state, row.blob_id = DownloadState.EXPIRED, None
        session.flush()  # the row lets go of the file first
        keys.append(blob.key)
        session.delete(blob)
    return keys
