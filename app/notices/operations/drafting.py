"""Writing a notice: its list is masked before it is stored, its period counted in working days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Organization
from app.audit.operations import record
from app.core.authz import Actor
from app.core.uow import lock
from app.notices.enums import NoticeKind, NoticeState
from app.notices.errors import NoticeIsPublished, NoWorkingDays
from app.notices.events import NoticeDrafted, NoticeDropped
from app.notices.models import Notice
from app.notices.rules import Column, masked_rows, scrub
from app.settings.calendar import FAR, working_days_from

TEXTS = ("title", "title_en", "body", "body_en", "contact", "discipline_contact", "address")


def draft_notice(
    session: Session, *, kind: NoticeKind, organization: Organization, title: str, columns: Sequence[Column],
    rows: Sequence[Mapping[str, str]], starts_on: date, working_days: int, actor: Actor, now: datetime,
    edition_id: int | None = None, subject_id: int | None = None, **texts: str,
) -> Notice:  # fmt: skip
    """A draft that ends on the last of its working days, the first day counted. Records NoticeDrafted.

    ``texts``: title_en, body, body_en, contact, discipline_contact, address.
    """
    unknown = set(texts) - set(TEXTS)
    if unknown:
        raise TypeError(f"unknown texts: {', '.join(sorted(unknown))}")
    notice = Notice(
        kind=kind, organization_id=organization.id, edition_id=edition_id, subject_id=subject_id, title=scrub(title),
        columns=[column.data() for column in columns], rows=masked_rows(columns, rows), working_days=working_days,
        starts_on=starts_on, ends_on=last_day(session, starts_on, working_days), created_at=now, created_by_id=actor.user_id,
        state=NoticeState.DRAFT, **texts,
    )  # fmt: skip
    session.add(notice)
    session.flush()  # the fact names the notice
    record(session, NoticeDrafted(notice.id, edition_id, kind), actor=actor, now=now)
    return notice


def edit_notice(session: Session, *, notice: Notice, starts_on: date, working_days: int, actor: Actor, now: datetime,
                **texts: Any) -> Notice:  # fmt: skip
    """Change the texts and the period of a draft; its list comes from its source. Raises NoticeIsPublished."""
    lock(session, notice)
    if notice.state != NoticeState.DRAFT:
        raise NoticeIsPublished
    for name in TEXTS:
        if name in texts:
            setattr(notice, name, texts[name])
    notice.starts_on, notice.working_days = starts_on, working_days
    notice.ends_on = last_day(session, starts_on, working_days)
    session.flush()  # the period is checked by the database first
    record(session, NoticeDrafted(notice.id, notice.edition_id, notice.kind), actor=actor, now=now)
    return notice


def drop_notice(session: Session, *, notice: Notice, actor: Actor, now: datetime) -> None:
    """Throw a draft away. Raises NoticeIsPublished. Records NoticeDropped."""
    lock(session, notice)
    if notice.state != NoticeState.DRAFT:
        raise NoticeIsPublished
    record(session, NoticeDropped(notice.id, notice.edition_id), actor=actor, now=now)
    session.delete(notice)


def last_day(session: Session, starts_on: date, working_days: int) -> date:
    """The day on which the period ends. Raises NoWorkingDays."""
    if not 1 <= working_days <= FAR:
        raise NoWorkingDays(field="working_days")
    return working_days_from(session, starts_on, working_days)
