"""Entries as their team and the staff may see them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload
from sqlalchemy.sql.base import ExecutableOption

from app.accounts.models import User
from app.audit.models import JournalEvent
from app.calls.enums import StageState
from app.calls.models import Call, Edition, Stage
from app.calls.queries.editions import STAFF, held_by
from app.core.authz import Actor
from app.core.uow import first_locked
from app.entries.enums import CheckDecision, MemberState
from app.entries.models import Entry, EntryMember, EntryMove, EntryVersion, FormalCheck, StageEntry


def entry_by_code(session: Session, code: str) -> Entry | None:
    """The entry with its call, edition and form; whether the actor may see it is asked next."""
    return session.scalar(select(Entry).where(Entry.code == code).options(*_whole()))


def place_in(session: Session, code: str, user_id: int | None, *, locked: bool = False) -> tuple[Entry, EntryMember] | None:
    """The entry with the person's confirmed place in its team, in one statement; ``locked``: to be changed in this transaction."""
    mine = (EntryMember.entry_id == Entry.id) & (EntryMember.user_id == user_id) & (EntryMember.state == MemberState.CONFIRMED)
    wanted = select(Entry, EntryMember).join(EntryMember, mine).where(Entry.code == code).options(*_whole()).order_by(EntryMember.id)
    if locked and session.get_bind().dialect.name == "postgresql":  # before the entry, and by itself: see ``operations.holding``
        above = select(Edition.id).join(Entry, Entry.edition_id == Edition.id).where(Entry.code == code)
        session.execute(above.with_for_update(read=True, of=Edition))
    row = first_locked(session, wanted, Entry) if locked else session.execute(wanted).first()
    return (row[0], row[1]) if row is not None else None


def _whole() -> tuple[ExecutableOption, ...]:
    return joinedload(Entry.call).joinedload(Call.edition), joinedload(Entry.form_version), joinedload(Entry.current_version)


def members_of(session: Session, entry_id: int, *, everybody: bool = False) -> list[EntryMember]:
    """The team in order; ``everybody`` with those who declined or were removed."""
    rows = select(EntryMember).where(EntryMember.entry_id == entry_id)
    if not everybody:
        rows = rows.where(EntryMember.state.not_in((MemberState.DECLINED, MemberState.REMOVED)))
    return list(session.scalars(rows.order_by(EntryMember.rank, EntryMember.id)))


def last_save_by_others(session: Session, entry: Entry, actor: Actor) -> tuple[str, datetime] | None:
    """Who else saved answers of the entry last, and when: name and moment."""
    saved = select(User.name, JournalEvent.at).join(User, User.id == JournalEvent.actor_id).where(
        JournalEvent.subject == "entry", JournalEvent.subject_id == entry.id, JournalEvent.name == "entries.answers_saved",
        JournalEvent.actor_id != actor.user_id,
    )  # fmt: skip
    row = session.execute(saved.order_by(JournalEvent.id.desc()).limit(1)).first()
    return (row[0], row[1]) if row is not None else None


def is_mine(actor: Actor) -> ColumnElement[bool]:
    """A confirmed place in the team."""
    return exists().where(
        EntryMember.entry_id == Entry.id, EntryMember.user_id == actor.user_id, EntryMember.state == MemberState.CONFIRMED
    )


def entries_visible_to(actor: Actor) -> ColumnElement[bool]:
    """The condition on ``Entry`` (joined with its ``Edition``) for everything that lists, counts, searches or exports.

    The team sees its own; staff and supervisors see what was handed in to their editions.
    """
    return or_(is_mine(actor), held_by(actor, *STAFF) & Entry.submitted_at.is_not(None))


def my_entries(session: Session, actor: Actor) -> list[Entry]:
    """The actor's own entries, newest first, with call and edition."""
    query = (
        select(Entry).join(Entry.call).join(Call.edition).where(is_mine(actor))
        .options(contains_eager(Entry.call).contains_eager(Call.edition))
        .order_by(Entry.changed_at.desc(), Entry.id.desc())
    )  # fmt: skip
    return list(session.scalars(query))


def released_stages(session: Session, entry_ids: Iterable[int]) -> dict[int, Stage]:
    """The last stage of each entry whose results are out; their page is ``results``' own."""
    query = (
        select(StageEntry.entry_id, Stage).join(Stage, Stage.id == StageEntry.stage_id)
        .where(StageEntry.entry_id.in_(list(entry_ids)), Stage.state == StageState.RELEASED).order_by(Stage.position)
    )  # fmt: skip
    return {row[0]: row[1] for row in session.execute(query)}


def invitations_for(session: Session, email: str) -> list[tuple[EntryMember, Entry]]:
    """Open invitations to teams for this address."""
    query = (
        select(EntryMember, Entry).join(Entry, Entry.id == EntryMember.entry_id).join(Entry.call).join(Call.edition)
        .where(EntryMember.email == email, EntryMember.state == MemberState.INVITED)
        .options(contains_eager(Entry.call).contains_eager(Call.edition)).order_by(EntryMember.invited_at.desc())
    )  # fmt: skip
    return [(member, entry) for member, entry in session.execute(query)]


def versions_of(session: Session, entry_id: int) -> list[EntryVersion]:
    """What was handed in, newest first."""
    return list(session.scalars(select(EntryVersion).where(EntryVersion.entry_id == entry_id).order_by(EntryVersion.number.desc())))


def version_of(session: Session, entry_id: int, number: int) -> EntryVersion | None:
    return session.scalar(select(EntryVersion).where(EntryVersion.entry_id == entry_id, EntryVersion.number == number))


def returns_of(session: Session, entry_id: int) -> list[FormalCheck]:
    """What the formal check told the team, newest first (passes say nothing)."""
    told = select(FormalCheck).where(FormalCheck.entry_id == entry_id, FormalCheck.decision != CheckDecision.PASS)
    return list(session.scalars(told.order_by(FormalCheck.decided_at.desc(), FormalCheck.id.desc())))


def moves_of(session: Session, entry_id: int) -> list[EntryMove]:
    """The entry's way through its states, oldest first."""
    return list(session.scalars(select(EntryMove).where(EntryMove.entry_id == entry_id).order_by(EntryMove.id)))
