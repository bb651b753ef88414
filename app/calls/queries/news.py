"""Announcements and files of an edition, for its page and for its staff."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calls.models import Announcement, Edition, EditionFile
from app.files.models import Blob


def announcements_of(session: Session, edition: Edition) -> list[Announcement]:
    """Published announcements, latest first."""
    published = select(Announcement).where(Announcement.edition_id == edition.id, Announcement.published_at.is_not(None))
    return list(session.scalars(published.order_by(Announcement.published_at.desc(), Announcement.id.desc())))


def files_of(session: Session, edition: Edition) -> list[tuple[EditionFile, Blob]]:
    """Offered files in order."""
    rows = select(EditionFile, Blob).join(Blob, Blob.id == EditionFile.blob_id).where(EditionFile.edition_id == edition.id)
    return [(file, blob) for file, blob in session.execute(rows.order_by(EditionFile.position, EditionFile.id))]
