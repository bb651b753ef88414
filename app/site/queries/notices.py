"""Public notices: the list, and one sheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Organization
from app.calls.models import Edition
from app.notices.enums import NoticeState
from app.notices.models import Notice

PER_PAGE = 50
SHOWN = (NoticeState.PUBLISHED, NoticeState.WITHDRAWN)


@dataclass(frozen=True)
class NoticeLine:
    """One line of the list."""

    number: str
    title: str
    title_en: str
    organization: str
    organization_en: str
    starts_on: date
    ends_on: date
    state: NoticeState

    def is_running(self, today: date) -> bool:
        return self.state == NoticeState.PUBLISHED and self.starts_on <= today <= self.ends_on


@dataclass(frozen=True)
class NoticeList:
    items: list[NoticeLine]
    number: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))


def public_notices(session: Session, *, number: int = 1, text: str = "") -> NoticeList:
    """Published and withdrawn notices, latest first. Two statements."""
    rows = (
        select(Notice.number, Notice.title, Notice.title_en, Organization.name, Organization.name_en,
            Notice.starts_on, Notice.ends_on, Notice.state)
        .join(Organization, Organization.id == Notice.organization_id)
        .where(Notice.state.in_(SHOWN))
    )  # fmt: skip
    if text:
        rows = rows.where(Notice.title.icontains(text, autoescape=True))
    total = session.scalar(select(func.count()).select_from(rows.subquery())) or 0
    rows = rows.order_by(Notice.starts_on.desc(), Notice.id.desc()).limit(PER_PAGE).offset((max(1, number) - 1) * PER_PAGE)
    return NoticeList([NoticeLine(row[0] or "", *row[1:]) for row in session.execute(rows)], number, total)


def public_notice(session: Session, number: str) -> tuple[Notice, Organization, Edition | None] | None:
    """A published or withdrawn notice with its organization and edition."""
    rows = (
        select(Notice, Organization, Edition)
        .join(Organization, Organization.id == Notice.organization_id)
        .outerjoin(Edition, Edition.id == Notice.edition_id)
        .where(Notice.number == number, Notice.state.in_(SHOWN))
    )
    row = session.execute(rows).first()
    return (row[0], row[1], row[2]) if row else None
