"""Notices of the actor's programmes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, joinedload

from app.core.authz import Actor
from app.notices.enums import NoticeKind
from app.notices.models import Notice
from app.talent.models import Program

from .programs import in_office


def notices_in_office(session: Session, actor: Actor) -> list[Notice]:
    wanted = (
        select(Notice)
        .join(Program, Program.id == Notice.subject_id)
        .where(Notice.kind == NoticeKind.SELECTION, in_office(actor))
        .options(defer(Notice.rows))
        .order_by(Notice.published_at.is_not(None), Notice.id.desc())
    )
    return list(session.scalars(wanted.limit(200)))


def notice_in_office(session: Session, actor: Actor, notice_id: int) -> tuple[Notice, Program] | None:
    """A notice with its programme; those of other offices do not exist."""
    row = session.execute(
        select(Notice, Program)
        .join(Program, Program.id == Notice.subject_id)
        .where(Notice.id == notice_id, Notice.kind == NoticeKind.SELECTION, in_office(actor))
        .options(joinedload(Program.organization))
    ).first()
    return (row[0], row[1]) if row else None
