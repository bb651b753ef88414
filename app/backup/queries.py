"""Whether this database is a copy that nobody has opened yet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from app.core.db import db
from app.core.resting import NothingYet

from .models import Restoration


def waiting_restoration(session: Session) -> Restoration | None:
    """The restoration that has not been opened, if there is one."""
    return session.scalar(select(Restoration).where(Restoration.opened_at.is_(None)))


def resting_since() -> datetime | None:
    """For ``core.resting``: the moment of the backup that this copy comes from, asked beside whatever transaction is going on."""
    with Session(db.engine) as session:
        if not inspect(session.connection()).has_table(Restoration.__tablename__):
            raise NothingYet
        return session.scalar(select(Restoration.taken_at).where(Restoration.opened_at.is_(None)))
