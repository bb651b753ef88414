"""Taking an entry out of the contest, or back in, by two persons."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.core.authz import Actor
from app.core.uow import lock
from app.entries import errors
from app.entries.enums import EntryAction
from app.entries.events import ExclusionAsked, ExclusionRefused
from app.entries.models import Entry, Exclusion
from app.entries.states import ENTRY

from .checking import disqualify_entry, reinstate_entry
from .holding import hold
from .moving import need_reason

ACTS = {EntryAction.DISQUALIFY: disqualify_entry, EntryAction.REINSTATE: reinstate_entry}


def ask_exclusion(session: Session, *, entry: Entry, action: EntryAction, reason: str, actor: Actor, now: datetime) -> Exclusion:
    """The first person's act: nothing happens to the entry yet. Raises ExclusionWaits, IllegalTransition. Records ExclusionAsked."""
    hold(session, entry)
    ENTRY.target(entry.state, action)
    reason = need_reason(reason)
    if pending_exclusion(session, entry.id) is not None:
        raise errors.ExclusionWaits
    row = Exclusion(entry_id=entry.id, action=action.value, reason=reason, asked_by_id=actor.user_id, asked_at=now)
    session.add(row)
    record(session, ExclusionAsked(entry.id, entry.edition_id, action.value, reason), actor=actor, now=now)
    return row


def decide_exclusion(session: Session, *, exclusion: Exclusion, agreed: bool, actor: Actor, now: datetime) -> Entry:
    """The second person's act. Raises SecondPersonDecides, ExclusionDecided. Records EntryDisqualified, EntryReinstated or
    ExclusionRefused."""
    lock(session, exclusion)
    if exclusion.decided_at is not None:
        raise errors.ExclusionDecided
    if exclusion.asked_by_id == actor.user_id:
        raise errors.SecondPersonDecides
    entry = hold(session, session.get_one(Entry, exclusion.entry_id))
    exclusion.agreed, exclusion.decided_by_id, exclusion.decided_at = agreed, actor.user_id, now
    if agreed:
        return ACTS[EntryAction(exclusion.action)](session, entry=entry, reason=exclusion.reason, actor=actor, now=now)
    record(session, ExclusionRefused(entry.id, entry.edition_id, exclusion.action), actor=actor, now=now)
    return entry


def pending_exclusion(session: Session, entry_id: int) -> Exclusion | None:
    """What waits for the second person."""
    return session.scalar(select(Exclusion).where(Exclusion.entry_id == entry_id, Exclusion.decided_at.is_(None)))
