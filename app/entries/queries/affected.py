"""How many entries and people a change of published rules or dates concerns."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.calls.affected import counts_affected
from app.entries.enums import EntryState, MemberState
from app.entries.models import Entry, EntryMember

LIVE = (EntryState.SUBMITTED, EntryState.RETURNED, EntryState.ACCEPTED)


@counts_affected
def entries_affected(session: Session, call_ids: Sequence[int], stage_id: int | None) -> dict[str, int]:
    """Entries in preparation, entries handed in, and the people of both."""
    states = (EntryState.DRAFT, *LIVE)
    counted = select(
        func.count(case((Entry.state == EntryState.DRAFT, 1))), func.count(case((Entry.state.in_(LIVE), 1)))
    ).where(Entry.call_id.in_(call_ids), Entry.state.in_(states))  # fmt: skip
    drafts, entries = session.execute(counted).one()
    people = (
        select(func.count(EntryMember.user_id.distinct()))
        .join(Entry, Entry.id == EntryMember.entry_id)
        .where(Entry.call_id.in_(call_ids), Entry.state.in_(states), EntryMember.state == MemberState.CONFIRMED)
    )
    return {"drafts": drafts, "entries": entries, "people": session.scalar(people) or 0}
