"""Holding an entry for the transaction, with everything that decides whether it may change."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.calls.models import Call, Edition
from app.calls.operations.freezing import check_not_frozen, hold_edition
from app.core.uow import just_locked
from app.entries.models import Entry


def hold(session: Session, entry: Entry) -> Entry:
    """Lock the entry and read it, its call and its edition as they are now. Raises EditionIsFrozen.

    The edition is held shared, before the entry: whoever freezes it, releases a result or changes a date waits, or is seen here.
    """
    if just_locked(session, entry):  # by ``place_in``, with call and edition
        check_not_frozen(entry.call.edition)
        return entry
    if session.get_bind().dialect.name == "postgresql":  # a statement of its own: one that waited would answer from before the wait
        hold_edition(session, entry.edition_id)
    entry, call, edition = session.execute(_query(), {"entry_id": entry.id}, execution_options={"populate_existing": True}).one()
    set_committed_value(entry, "call", call)
    set_committed_value(call, "edition", edition)
    check_not_frozen(edition)
    return entry


@cache
def _query() -> Select[*tuple[Any, ...]]:
    return (
        select(Entry, Call, Edition)
        .join(Call, Call.id == Entry.call_id)
        .join(Edition, Edition.id == Call.edition_id)
        .where(Entry.id == bindparam("entry_id"))
        .with_for_update(of=Entry)
    )
