"""Publishing and withdrawing: the number is given, the rows are fixed, the digest is printed."""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.core import clock
from app.core.authz import Actor
from app.core.uow import lock
from app.documents.operations import issue_code, numbered, revoke_code
from app.notices.enums import NoticeAction, NoticeKind
from app.notices.errors import BeginsInThePast, ContactMissing, NothingListed
from app.notices.events import NoticePublished, NoticeWithdrawn
from app.notices.models import Notice
from app.notices.states import NOTICE

from .drafting import last_day

CODE_KIND = "notice"


def publish_notice(session: Session, *, notice: Notice, actor: Actor, now: datetime, zone: str = clock.DEFAULT_ZONE) -> Notice:
    """Give the notice its number and make it public; nothing in it changes afterwards. Records NoticePublished.

    The period is counted again with today's calendar. Raises ContactMissing, NothingListed, BeginsInThePast.
    """
    lock(session, notice)
    target = NOTICE.target(notice.state, NoticeAction.PUBLISH)
    today = clock.local_date(now, zone)
    if not notice.contact.strip() or not notice.discipline_contact.strip():
        raise ContactMissing(field="contact")
    if not notice.rows and notice.kind != NoticeKind.ANNOUNCEMENT:
        raise NothingListed
    if notice.starts_on < today:
        raise BeginsInThePast(field="starts_on")
    notice.ends_on = last_day(session, notice.starts_on, notice.working_days)
    notice.number = numbered(session, prefix="GS", year=today.year)
    notice.state, notice.published_at, notice.published_by_id = target, now, actor.user_id
    notice.digest = digest_of(notice)
    facts = {"number": notice.number, "title": notice.title, "title_en": notice.title_en,
             "starts_on": notice.starts_on.isoformat(), "ends_on": notice.ends_on.isoformat()}  # fmt: skip
    issue_code(session, kind=CODE_KIND, subject_id=notice.id, facts=facts, digest=notice.digest, now=now)
    session.flush()  # the number is unique: refused before the fact
    fact = NoticePublished(
        notice.id, notice.edition_id, notice.number, notice.digest, notice.starts_on.isoformat(), notice.ends_on.isoformat()
    )
    record(session, fact, actor=actor, now=now)
    return notice


def withdraw_notice(session: Session, *, notice: Notice, reason: str, actor: Actor, now: datetime) -> Notice:
    """The notice stays readable, marked as withdrawn, with the reason. Records NoticeWithdrawn."""
    lock(session, notice)
    notice.state = NOTICE.target(notice.state, NoticeAction.WITHDRAW)
    notice.withdrawn_at, notice.withdrawn_reason = now, reason
    revoke_code(session, kind=CODE_KIND, subject_id=notice.id, reason=reason, now=now)
    session.flush()  # the code is revoked before the fact
    record(session, NoticeWithdrawn(notice.id, notice.edition_id, notice.number or "", reason), actor=actor, now=now)
    return notice


def digest_of(notice: Notice) -> str:
    """SHA-256 over everything that is published."""
    published = {
        "number": notice.number, "kind": notice.kind, "title": notice.title, "title_en": notice.title_en, "body": notice.body,
        "body_en": notice.body_en, "columns": notice.columns, "rows": notice.rows, "contact": notice.contact,
        "discipline_contact": notice.discipline_contact, "address": notice.address,
        "starts_on": notice.starts_on.isoformat(), "ends_on": notice.ends_on.isoformat(),
    }  # fmt: skip
    return hashlib.sha256(msgspec.json.encode(published, order="sorted")).hexdigest()
