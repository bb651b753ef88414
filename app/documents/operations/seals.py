"""An organization's seal image."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Organization
from app.audit.operations import record
from app.core.authz import Actor
from app.documents.events import SealChanged
from app.documents.models import Seal
from app.files.models import Blob


def set_seal(session: Session, *, organization: Organization, blob: Blob, actor: Actor, now: datetime) -> Seal:
    """Use the image on certificates and notices from now on. Records SealChanged."""
    seal = session.scalar(select(Seal).where(Seal.organization_id == organization.id).with_for_update())
    if seal is None:
        seal = Seal(organization_id=organization.id, blob_id=blob.id, added_at=now)
        session.add(seal)
    seal.blob_id, seal.added_at = blob.id, now
    session.flush()  # one seal each: refused before the fact
    record(session, SealChanged(organization.id, blob.sha256), actor=actor, now=now)
    return seal


def remove_seal(session: Session, *, organization: Organization, actor: Actor, now: datetime) -> None:
    """Print without a seal image. Records SealChanged with an empty digest."""
    seal = session.scalar(select(Seal).where(Seal.organization_id == organization.id).with_for_update())
    if seal is not None:
        session.delete(seal)
        record(session, SealChanged(organization.id, ""), actor=actor, now=now)
