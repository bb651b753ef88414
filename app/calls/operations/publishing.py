"""The way of an edition to the public: the organizer asks, the host publishes, and these are two persons."""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.calls.enums import ApprovalSubject, EditionAction
from app.calls.errors import ApprovalStale, EditionIncomplete, ReasonMissing, SamePerson, WindowsNotOver
from app.calls.events import (
    EditionArchived,
    EditionDiscarded,
    EditionPublished,
    EditionSentBack,
    PublicationRequested,
)
from app.calls.models import Approval, Edition, Stage
from app.calls.phases import NOT_OVER
from app.calls.queries import edition_faults
from app.calls.queries.public import phase
from app.calls.states import EDITION
from app.core.authz import Actor
from app.core.clock import local_date
from app.core.uow import lock

from .dossier import publish_dossier
from .freezing import check_not_frozen
from .lapsing import lapse_with_edition
from .matrix import calls_of


def request_publication(session: Session, *, edition: Edition, actor: Actor, now: datetime, reason: str = "") -> Approval:
    """Ask the host to publish. Refuses while something that the checklist demands is missing. Records PublicationRequested."""
    lock(session, edition)
    check_not_frozen(edition)
    target = EDITION.target(edition.state, EditionAction.REQUEST_APPROVAL)
    faults = [fault for fault in edition_faults(session, edition, now) if fault.blocks]
    if faults:
        raise EditionIncomplete(faults)
    approval = Approval(
        edition_id=edition.id, subject=ApprovalSubject.PUBLICATION, subject_id=edition.id, digest=edition_digest(session, edition),
        reason=reason, asked_by_id=actor.user_id, asked_at=now,
    )  # fmt: skip
    session.add(approval)
    edition.state = target
    session.flush()  # the fact names the approval
    record(session, PublicationRequested(edition.id, edition.id, approval.id), actor=actor, now=now)
    return approval


def send_back(session: Session, *, edition: Edition, reason: str, actor: Actor, now: datetime) -> Edition:
    """Return the edition to its organizer with a reason. Records EditionSentBack."""
    lock(session, edition)
    check_not_frozen(edition)
    target = EDITION.target(edition.state, EditionAction.SEND_BACK)
    if len(reason.strip()) < 4:
        raise ReasonMissing(field="reason")
    approval = pending_publication(session, edition)
    _decide(approval, approved=False, remark=reason, actor=actor, now=now)
    edition.state = target
    record(session, EditionSentBack(edition.id, edition.id, approval.id, reason), actor=actor, now=now)
    return edition


def publish_edition(session: Session, *, edition: Edition, actor: Actor, now: datetime) -> Edition:
    """Publish what was asked for, with its rule dossier. Records EditionPublished.

    Refuses the person who asked, and an edition that is not the one that was asked for.
    """
    lock(session, edition)
    check_not_frozen(edition)
    target = EDITION.target(edition.state, EditionAction.PUBLISH)
    approval = pending_publication(session, edition)
    if approval.asked_by_id == actor.user_id:
        raise SamePerson
    if approval.digest != edition_digest(session, edition):
        raise ApprovalStale
    _decide(approval, approved=True, remark="", actor=actor, now=now)
    edition.state, edition.published_at = target, now
    dossier = publish_dossier(session, edition=edition, reason="", actor=actor, now=now)
    record(session, EditionPublished(edition.id, edition.id, approval.id, dossier.number, dossier.digest), actor=actor, now=now)
    return edition


def archive_edition(session: Session, *, edition: Edition, actor: Actor, now: datetime) -> Edition:
    """Close the file of an edition on what took place; what waits for the host lapses. Records EditionArchived.

    Refused before the last window has ended.
    """
    lock(session, edition)
    check_not_frozen(edition)
    target = EDITION.target(edition.state, EditionAction.ARCHIVE)
    if phase(session, edition, now, local_date(now, edition.zone)) in NOT_OVER:
        raise WindowsNotOver
    edition.state = target
    lapse_with_edition(session, edition=edition, actor=actor, now=now)
    record(session, EditionArchived(edition.id, edition.id), actor=actor, now=now)
    return edition


def discard_edition(session: Session, *, edition: Edition, reason: str, actor: Actor, now: datetime) -> Edition:
    """Put away an edition that was never public; its code is free again. Records EditionDiscarded with the code that it had.

    Nothing is deleted: the page stays readable by its address, and the journal tells who put it away.
    """
    lock(session, edition)
    check_not_frozen(edition)
    target = EDITION.target(edition.state, EditionAction.DISCARD)
    if len(reason.strip()) < 4:
        raise ReasonMissing(field="reason")
    code = edition.code
    edition.state, edition.code = target, f"{code[:25]}.{edition.id}"  # a dot: no code that anybody may choose has one
    record(session, EditionDiscarded(edition.id, edition.id, code, reason), actor=actor, now=now)
    return edition


def pending_publication(session: Session, edition: Edition) -> Approval:
    """The question that waits for the host."""
    waiting = select(Approval).where(
        Approval.edition_id == edition.id, Approval.subject == ApprovalSubject.PUBLICATION, Approval.decided_at.is_(None)
    )
    return session.scalars(waiting.order_by(Approval.id.desc())).first() or _no_question()


def edition_digest(session: Session, edition: Edition) -> str:
    """What is approved: texts, rules, calls and stages, but not their states."""
    calls = [
        (c.id, c.code, c.name, c.opens_at.isoformat(), c.closes_at.isoformat(), c.quota, c.form_version_id, c.rules)
        for c in calls_of(session, edition)
    ]
    rows = session.scalars(select(Stage).where(Stage.edition_id == edition.id).order_by(Stage.position))
    stages = [(s.id, s.kind.value, s.name, s.opens_at.isoformat(), s.closes_at.isoformat(), s.rules) for s in rows]
    facts = (edition.code, edition.title, edition.title_en, edition.summary, edition.body, edition.rules, calls, stages)
    return hashlib.sha256(msgspec.json.encode(facts)).hexdigest()


def _decide(approval: Approval, *, approved: bool, remark: str, actor: Actor, now: datetime) -> None:
    approval.decided_by_id, approval.decided_at, approval.approved, approval.remark = actor.user_id, now, approved, remark


def _no_question() -> Approval:
    raise ApprovalStale
