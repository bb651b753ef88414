"""Reading notices: what is public, and what an edition or organization has."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from app.documents.models import VerificationCode

from .enums import NoticeState
from .models import Notice

PUBLIC = (NoticeState.PUBLISHED, NoticeState.WITHDRAWN)


def public_notice(session: Session, number: str) -> Notice | None:
    """A notice that is or was public, by its number; drafts do not exist for strangers."""
    return session.scalar(select(Notice).where(Notice.number == number, Notice.state.in_(PUBLIC)))


def public_notices(session: Session, *, edition_id: int | None = None, limit: int = 50, offset: int = 0) -> list[Notice]:
    """Published and withdrawn notices, newest first, without their lists."""
    wanted = select(Notice).where(Notice.state.in_(PUBLIC)).options(defer(Notice.rows), defer(Notice.body), defer(Notice.body_en))
    if edition_id is not None:
        wanted = wanted.where(Notice.edition_id == edition_id)
    return list(session.scalars(wanted.order_by(Notice.published_at.desc(), Notice.id.desc()).limit(limit).offset(offset)))


def notices_of_edition(session: Session, edition_id: int) -> list[Notice]:
    """All notices of an edition, drafts first, newest first."""
    wanted = select(Notice).where(Notice.edition_id == edition_id).options(defer(Notice.rows))
    return list(session.scalars(wanted.order_by(Notice.published_at.is_not(None), Notice.id.desc())))


def notice_of_edition(session: Session, edition_id: int, notice_id: int) -> Notice | None:
    return session.scalar(select(Notice).where(Notice.id == notice_id, Notice.edition_id == edition_id))


def running_over(session: Session, day: date) -> int:
    """How many published notices have the day within their period."""
    over = Notice.state == NoticeState.PUBLISHED, Notice.starts_on <= day, Notice.ends_on >= day
    return session.scalar(select(func.count()).select_from(Notice).where(*over)) or 0


def code_of_notice(session: Session, notice_id: int) -> str | None:
    """The verification code printed on a notice."""
    wanted = VerificationCode.kind == "notice", VerificationCode.subject_id == notice_id
    return session.scalar(select(VerificationCode.code).where(*wanted))
