"""The end of access: who worked on an edition and for it alone has nothing to do there any more once it is long finished."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.accounts.models import RoleGrant
from app.accounts.operations.grants import end_role
from app.audit.operations import record
from app.calls.enums import EditionPhase
from app.calls.events import AccessEnded
from app.calls.models import Edition
from app.calls.queries.public import phase
from app.core.authz import Actor
from app.core.clock import local_date
from app.core.uow import lock


def end_access(session: Session, *, edition: Edition, days: int, actor: Actor, now: datetime) -> Edition:
    """Note when the edition was first found finished; ``days`` later end the roles held in it alone, and its judges' desks.

    A host's role stays: somebody answers for objections and certificates. Safe to run again. Records AccessEnded and each RoleEnded.
    """
    lock(session, edition)
    if edition.access_ended_at is not None:
        return edition
    if phase(session, edition, now, local_date(now, edition.zone)) != EditionPhase.FINISHED:
        edition.finished_at = None
        return edition
    edition.finished_at = edition.finished_at or now
    if edition.finished_at + timedelta(days=days) > now:
        return edition
    held = select(RoleGrant).where(RoleGrant.edition_id == edition.id, RoleGrant.ended_at.is_(None), RoleGrant.role != Role.HOST)
    grants = session.scalars(held.order_by(RoleGrant.id)).all()
    for grant in grants:
        end_role(session, grant=grant, reason="edition finished", actor=actor, now=now)
    edition.access_ended_at = now
    record(session, AccessEnded(edition.id, edition.id, days, len(grants)), actor=actor, now=now)
    return edition
