"""Changing what is published: asked with a reason by one person, decided by another at the host, written into a new dossier."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.calls.affected import affected
from app.calls.enums import ApprovalSubject, EditionState
from app.calls.errors import AlreadyAsked, AlreadyDecided, ApprovalStale, NotEditable, ReasonMissing, SamePerson
from app.calls.events import ChangeDecided, ChangeRequested
from app.calls.models import Announcement, Approval, Edition
from app.core.authz import Actor
from app.core.clock import local
from app.core.uow import lock

from .changes import CHANGES, calls_touched, stage_touched, state_digest
from .dossier import publish_dossier
from .freezing import check_not_frozen

LEAST_REASON = 4


def ask_change(session: Session, *, edition: Edition, subject: ApprovalSubject, thing_id: int, payload: dict[str, Any], reason: str,
               actor: Actor, now: datetime) -> Approval:  # fmt: skip
    """Ask the host for a change. Refuses what could not be decided anyway, and a second question on the same thing.

    Records ChangeRequested. Payloads: ``rules`` (stage, as JSON text), ``window`` (stage),
    ``windows`` (calls), ``rules, quota, form_version_id`` (call).
    """
    lock(session, edition)
    check_not_frozen(edition)
    if edition.state != EditionState.PUBLISHED:
        raise NotEditable
    if len(reason.strip()) < LEAST_REASON:
        raise ReasonMissing(field="reason")
    waiting = select(Approval.id).where(
        Approval.edition_id == edition.id, Approval.subject == subject, Approval.subject_id == thing_id, Approval.decided_at.is_(None)
    )
    if session.scalar(waiting) is not None:
        raise AlreadyAsked
    approval = Approval(
        edition_id=edition.id, subject=subject, subject_id=thing_id, digest="", reason=reason.strip(), payload=payload,
        asked_by_id=actor.user_id, asked_at=now,
    )  # fmt: skip
    CHANGES[subject].check(session, edition, approval, now)
    approval.digest = state_digest(session, edition, approval)
    session.add(approval)
    session.flush()  # the fact names the question
    record(session, ChangeRequested(approval.id, edition.id, subject, thing_id, approval.reason), actor=actor, now=now)
    return approval


def decide_change(session: Session, *, approval: Approval, approved: bool, remark: str = "", actor: Actor, now: datetime) -> Approval:
    """Decide a change. Approved, it takes effect at once, in a new rule dossier, told on the contest's page.

    Refuses the person who asked, a question already decided, and one whose thing has changed since; a refusal of the change
    itself (``approved`` False) needs a remark. Records ChangeDecided with the numbers of those affected.
    """
    edition = lock(session, session.get_one(Edition, approval.edition_id))
    lock(session, approval)
    check_not_frozen(edition)
    if approval.decided_at is not None or approval.subject == ApprovalSubject.PUBLICATION:
        raise AlreadyDecided
    if approval.asked_by_id == actor.user_id:
        raise SamePerson
    touched = affected(session, calls_touched(session, edition, approval), stage_touched(approval))
    if approved:
        _carry_out(session, edition, approval, actor, now)
    elif len(remark.strip()) < LEAST_REASON:
        raise ReasonMissing(field="remark")
    approval.decided_by_id, approval.decided_at, approval.approved, approval.remark = actor.user_id, now, approved, remark.strip()
    fact = ChangeDecided(approval.id, edition.id, approval.subject, approval.subject_id, approved, approval.remark, touched)
    record(session, fact, actor=actor, now=now)
    return approval


def withdraw_change(session: Session, *, approval: Approval, actor: Actor, now: datetime) -> Approval:
    """Take one's own question back. Records ChangeDecided as not approved."""
    lock(session, approval)
    if approval.decided_at is not None or approval.subject == ApprovalSubject.PUBLICATION:
        raise AlreadyDecided
    approval.decided_by_id, approval.decided_at, approval.approved = actor.user_id, now, False
    fact = ChangeDecided(approval.id, approval.edition_id, approval.subject, approval.subject_id, approved=False, remark="", affected={})
    record(session, fact, actor=actor, now=now)
    return approval


def _carry_out(session: Session, edition: Edition, approval: Approval, actor: Actor, now: datetime) -> None:
    if approval.digest != state_digest(session, edition, approval):
        raise ApprovalStale
    change = CHANGES[ApprovalSubject(approval.subject)]
    change.check(session, edition, approval, now)
    change.apply(session, edition, approval, actor, now)
    if approval.subject != ApprovalSubject.CANCELLATION:
        publish_dossier(session, edition=edition, reason=approval.reason, actor=actor, now=now)
    session.add(_news(edition, approval, now))


def _news(edition: Edition, approval: Approval, now: datetime) -> Announcement:
    """Everybody is told on the contest's page, in both languages."""
    texts = {}
    for locale in ("zh_CN", "en"):
        with force_locale(locale):
            title = str(ApprovalSubject(approval.subject).label)
            when = f"{local(now, edition.zone):%Y-%m-%d %H:%M}"
            body = _("The host has decided on %(when)s: %(what)s. Reason: %(reason)s. The rule dossier shows what is in force.",
                     when=when, what=title, reason=approval.reason)  # fmt: skip
            texts[locale] = (title, body)
    (title_zh, body_zh), (title_en, body_en) = texts["zh_CN"], texts["en"]
    return Announcement(
        edition_id=edition.id, title=title_zh, title_en=title_en, body=body_zh, body_en=body_en, published_at=now, created_at=now
    )
