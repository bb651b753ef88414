"""Asking for the erasure of one's data, and the two persons who carry it out."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.audit.operations import record
from app.core.authz import Actor
from app.core.errors import CONSTRAINT_SENTENCES, DomainError
from app.core.uow import lock
from app.privacy.enums import ErasureAction
from app.privacy.events import ErasureProposed, ErasureRefused, ErasureRequested, ErasureWithdrawn, PersonErased
from app.privacy.models import ErasureRequest
from app.privacy.queries.footprint import Footprint, footprint_of
from app.privacy.queries.obstacles import obstacles
from app.privacy.queries.requests import open_request
from app.privacy.states import ERASURE

from .erasing.entries import erase_from_entries
from .erasing.judging import erase_from_judging
from .erasing.people import erase_account
from .erasing.traces import blank_facts, erase_mails, erase_old_records

MIN_REASON = 4
CONSTRAINT_SENTENCES["uq_erasure_requests_open"] = _l("There is an open request for this person already.")


class AskedAlready(DomainError):
    message = _l("There is an open request for this person already.")


class InTheWay(DomainError):
    """Something must be settled first; the message says what."""


class SecondPersonNeeded(DomainError):
    message = _l("Another administrator than the one who prepared it must carry it out, and not the person concerned.")


class ChangedSince(DomainError):
    message = _l("What is held of this person has changed since it was prepared. Please look at the preview again and prepare it anew.")


class ErasureReasonMissing(DomainError):
    message = _l("Please give a reason of at least four characters.")


def request_erasure(session: Session, *, user: User, reason: str, actor: Actor, now: datetime) -> ErasureRequest:
    """Ask for it, for oneself or on behalf of somebody who wrote. Records ErasureRequested."""
    if open_request(session, user.id) is not None:
        raise AskedAlready
    row = ErasureRequest(user_id=user.id, reason=reason, asked_at=now, asked_by_id=actor.user_id)
    session.add(row)
    session.flush()  # the fact needs the id
    record(session, ErasureRequested(row.id, user.id), actor=actor, now=now)
    return row


def withdraw_erasure(session: Session, *, request: ErasureRequest, actor: Actor, now: datetime) -> ErasureRequest:
    """The person changes their mind. Records ErasureWithdrawn."""
    _move(session, request, ErasureAction.WITHDRAW, actor, now)
    record(session, ErasureWithdrawn(request.id, request.user_id), actor=actor, now=now)
    return request


def refuse_erasure(session: Session, *, request: ErasureRequest, reason: str, actor: Actor, now: datetime) -> ErasureRequest:
    """Say no, with a reason that the person reads. Records ErasureRefused."""
    if len(reason.strip()) < MIN_REASON:
        raise ErasureReasonMissing(field="reason")
    _move(session, request, ErasureAction.REFUSE, actor, now)
    request.remark = reason.strip()
    record(session, ErasureRefused(request.id, request.user_id, request.remark[:400]), actor=actor, now=now)
    return request


def propose_erasure(session: Session, *, request: ErasureRequest, actor: Actor, now: datetime) -> ErasureRequest:
    """The first administrator has looked at who asks and at the preview. Refused while something is in the way. Records ErasureProposed."""
    lock(session, request)
    if actor.user_id == request.user_id:
        raise SecondPersonNeeded
    found = _unhindered(session, request)
    request.state = ERASURE.target(request.state, ErasureAction.PROPOSE)
    request.prepared_at, request.prepared_by_id, request.digest = now, actor.user_id, found.digest
    record(session, ErasureProposed(request.id, request.user_id, found.digest), actor=actor, now=now)
    return request


def erase_person(session: Session, *, request: ErasureRequest, actor: Actor, now: datetime) -> ErasureRequest:
    """The second administrator carries it out: everything in one transaction, files after it. Records PersonErased with counts only."""
    lock(session, request)
    target = ERASURE.target(request.state, ErasureAction.ERASE)
    if actor.user_id in {request.prepared_by_id, request.user_id}:
        raise SecondPersonNeeded
    found = _unhindered(session, request)
    if found.digest != request.digest:
        raise ChangedSince
    user = lock(session, session.get_one(User, request.user_id))
    removed = erase_mails(session, found) | erase_from_entries(session, found) | erase_from_judging(session, found)
    removed |= erase_old_records(session, found, now) | blank_facts(session, found) | erase_account(session, user, now)
    request.reason = ""
    request.state, request.decided_at, request.decided_by_id = target, now, actor.user_id
    request.removed = {key: count for key, count in removed.items() if count}
    record(session, PersonErased(request.id, user.id, request.removed), actor=actor, now=now)
    return request


def _unhindered(session: Session, request: ErasureRequest) -> Footprint:
    user = session.get_one(User, request.user_id)
    found = footprint_of(session, user)
    first = next(iter(obstacles(session, user, found)), None)
    if first is not None:
        raise InTheWay(first)
    return found


def _move(session: Session, request: ErasureRequest, action: ErasureAction, actor: Actor, now: datetime) -> None:
    lock(session, request)
    request.state = ERASURE.target(request.state, action)
    request.decided_at, request.decided_by_id = now, actor.user_id
    if request.prepared_by_id == actor.user_id:
        request.prepared_by_id = None  # who takes back what they prepared themselves is not a second person
