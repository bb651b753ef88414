"""What the contest's page tells besides the rules: news and files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.calls.errors import UnknownThing
from app.calls.events import AnnouncementPublished, AnnouncementWithdrawn, FileOffered, FileRemoved
from app.calls.models import Announcement, Edition, EditionFile
from app.core.authz import Actor
from app.files.models import Blob

from .editing import lock_editable


def publish_announcement(session: Session, *, edition: Edition, title: str, body: str, title_en: str, body_en: str, actor: Actor,
                         now: datetime) -> Announcement:  # fmt: skip
    """News on the page, at once. Records AnnouncementPublished."""
    lock_editable(session, edition)
    item = Announcement(edition_id=edition.id, title=title, title_en=title_en, body=body, body_en=body_en, published_at=now, created_at=now)
    session.add(item)
    session.flush()  # the fact names it
    record(session, AnnouncementPublished(item.id, edition.id, title), actor=actor, now=now)
    return item


def withdraw_announcement(session: Session, *, edition: Edition, announcement_id: int, actor: Actor, now: datetime) -> Announcement:
    """Take news off the page; the row stays. Records AnnouncementWithdrawn."""
    lock_editable(session, edition)
    item = session.get(Announcement, announcement_id)
    if item is None or item.edition_id != edition.id or item.published_at is None:
        raise UnknownThing
    item.published_at = None
    record(session, AnnouncementWithdrawn(item.id, edition.id, item.title), actor=actor, now=now)
    return item


def offer_file(session: Session, *, edition: Edition, blob: Blob, title: str, actor: Actor, now: datetime) -> EditionFile:
    """A file for everybody to download. Records FileOffered."""
    lock_editable(session, edition)
    last = session.scalar(select(func.max(EditionFile.position)).where(EditionFile.edition_id == edition.id))
    item = EditionFile(edition_id=edition.id, blob_id=blob.id, title=title, position=(last if last is not None else -1) + 1)
    session.add(item)
    session.flush()  # the fact names it
    record(session, FileOffered(item.id, edition.id, blob.id), actor=actor, now=now)
    return item


def remove_file(session: Session, *, edition: Edition, file_id: int, actor: Actor, now: datetime) -> None:
    """Take a file off the page. Records FileRemoved."""
    lock_editable(session, edition)
    item = session.get(EditionFile, file_id)
    if item is None or item.edition_id != edition.id:
        raise UnknownThing
    record(session, FileRemoved(item.id, edition.id, item.blob_id), actor=actor, now=now)
    session.delete(item)
