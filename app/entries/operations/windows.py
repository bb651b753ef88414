"""When an entry may be changed and handed in. Closed means closed: ``closes_at`` itself is too late."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from app.calls.models import Call
from app.entries.enums import EntryState
from app.entries.models import Entry


def received_in_time(call: Call, now: datetime, ticket_at: datetime | None = None) -> bool:
    """Whether what arrives at ``now`` counts: before the close, or, where the call grants a grace, with a ticket from before it."""
    if call.opens_at <= now < call.closes_at:
        return True
    grace = timedelta(minutes=call.rules.grace_minutes)
    return bool(grace) and ticket_at is not None and ticket_at < call.closes_at <= now < call.closes_at + grace


def is_open_for(entry: Entry, now: datetime, ticket_at: datetime | None = None) -> bool:
    """Whether the team may change or hand in the entry at this instant."""
    if entry.state in {EntryState.DRAFT, EntryState.SUBMITTED}:
        return received_in_time(entry.call, now, ticket_at)
    return entry.state == EntryState.RETURNED and entry.due_at is not None and now < entry.due_at


def deadline_of(entry: Entry) -> datetime:
    """The instant from which the entry is closed to its team."""
    return entry.due_at if entry.state == EntryState.RETURNED and entry.due_at else entry.call.closes_at


def open_keys(entry: Entry) -> Collection[str] | None:
    """The only fields that a returned entry opens; None when all are open."""
    return set(entry.open_fields or ()) if entry.state == EntryState.RETURNED else None
