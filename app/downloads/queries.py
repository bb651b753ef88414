"""A person's ordered files, and those that wait for a worker."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.queries import actor_of

from .enums import DownloadState
from .kinds import KINDS
from .models import Download

LISTED = timedelta(days=3)
#: After so long without an end the worker that made a file is taken for dead.
PATIENCE = timedelta(minutes=20)


def my_downloads(session: Session, user_id: int | None, now: datetime) -> list[Download]:
    """What the person has ordered in the last days, the newest first."""
    mine = select(Download).where(Download.requester_id == user_id, Download.ordered_at > now - LISTED)
    return list(session.scalars(mine.options(joinedload(Download.blob)).order_by(Download.id.desc()).limit(50)))


def my_download(session: Session, user_id: int | None, code: str) -> Download | None:
    """One of the person's own; somebody else's does not exist here."""
    mine = select(Download).where(Download.code == code, Download.requester_id == user_id)
    return session.scalar(mine.options(joinedload(Download.blob)))


def may_have(session: Session, row: Download) -> bool:
    """Whether the requester, with what they hold now, may have this file."""
    kind, who = KINDS.get(row.kind), actor_of(session, row.requester_id)
    return kind is not None and who is not None and bool(kind.may(session, who, row.params))


def left_behind(session: Session, now: datetime) -> list[int]:
    """Orders that no worker took, or whose worker died."""
    waiting = (Download.state == DownloadState.WAITING) & (Download.ordered_at < now - timedelta(minutes=1))
    dead = (Download.state == DownloadState.RUNNING) & (Download.started_at < now - PATIENCE)
    return list(session.scalars(select(Download.id).where(or_(waiting, dead)).order_by(Download.id).limit(50)))
