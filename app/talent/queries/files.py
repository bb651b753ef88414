"""一人一档: everything that happened to a person here, in time order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import User
from app.calls.models import Edition
from app.core.authz import Actor
from app.entries.enums import EntryState, MemberState
from app.entries.models import Entry, EntryMember
from app.results.enums import AwardState
from app.results.models import Award
from app.talent.models import Program, SelectionRecord, Tier

from .programs import in_office


@dataclass(frozen=True)
class FileEntry:
    """One line of the file. ``kind``: contest, award, record, confirmed, closed."""

    at: datetime
    kind: str
    title: str
    title_en: str
    note: str
    note_en: str
    state: object | None = None
    number: str = ""


def person_in_office(session: Session, actor: Actor, user_id: int) -> User | None:
    """A person with a record in one of the actor's programmes; nobody else's file can be opened."""
    known = (
        select(SelectionRecord.user_id)
        .join(Tier, Tier.id == SelectionRecord.tier_id)
        .join(Program, Program.id == Tier.program_id)
        .where(in_office(actor), SelectionRecord.user_id == user_id)
    )
    return session.scalar(select(User).where(User.id == user_id, User.id.in_(known)))


def people_in_office(session: Session, actor: Actor, text: str = "") -> list[tuple[User, int]]:
    """People with records in the actor's programmes and how many each has."""
    wanted = (
        select(User, func.count(SelectionRecord.id))
        .join(SelectionRecord, SelectionRecord.user_id == User.id)
        .join(Tier, Tier.id == SelectionRecord.tier_id)
        .join(Program, Program.id == Tier.program_id)
        .where(in_office(actor))
        .group_by(User.id)
        .order_by(User.sort_key, User.name)
        .limit(200)
    )
    if text:
        wanted = wanted.where(or_(*(column.icontains(text, autoescape=True) for column in (User.name, SelectionRecord.unit))))
    return [(user, int(count)) for user, count in session.execute(wanted)]


def person_file(session: Session, user_id: int, *, actor: Actor | None = None) -> list[FileEntry]:
    """Contests, awards and records, oldest first. For an officer (``actor``) only records of the officer's programmes."""
    lines = [*_contests(session, user_id), *_awards(session, user_id), *_records(session, user_id, actor)]
    return sorted(lines, key=lambda line: (line.at, line.kind))


def _contests(session: Session, user_id: int) -> list[FileEntry]:
    rows = session.execute(
        select(Entry, Edition)
        .join(EntryMember, EntryMember.entry_id == Entry.id)
        .join(Edition, Edition.id == Entry.edition_id)
        .where(EntryMember.user_id == user_id, EntryMember.state == MemberState.CONFIRMED)
        .where(Entry.submitted_at.is_not(None), Entry.state != EntryState.WITHDRAWN)
    )
    return [
        FileEntry(
            entry.submitted_at or entry.created_at, "contest", edition.title, edition.title_en or edition.title, entry.title, entry.title
        )
        for entry, edition in rows
    ]


def _awards(session: Session, user_id: int) -> list[FileEntry]:
    rows = session.execute(
        select(Award, Edition)
        .join(EntryMember, EntryMember.entry_id == Award.entry_id)
        .join(Edition, Edition.id == Award.edition_id)
        .where(EntryMember.user_id == user_id, EntryMember.state == MemberState.CONFIRMED)
    )
    return [
        FileEntry(
            award.granted_at,
            "award",
            award.level_name,
            award.level_name_en or award.level_name,
            edition.title,
            edition.title_en or edition.title,
            award.state if award.state == AwardState.REVOKED else None,
        )
        for award, edition in rows
    ]


def _records(session: Session, user_id: int, actor: Actor | None) -> list[FileEntry]:
    wanted = (
        select(SelectionRecord, Tier, Program)
        .join(Tier, Tier.id == SelectionRecord.tier_id)
        .join(Program, Program.id == Tier.program_id)
        .where(SelectionRecord.user_id == user_id)
        .options(joinedload(SelectionRecord.notice))
    )
    if actor is not None:
        wanted = wanted.where(in_office(actor))
    lines = []
    for record, tier, program in session.execute(wanted):
        names = (f"{program.name} · {tier.name}", f"{program.name_en or program.name} · {tier.name_en or tier.name}")
        lines.append(
            FileEntry(record.proposed_at, "record", *names, record.closed_reason, record.closed_reason, record.state, record.number)
        )
        if record.confirmed_at is not None:
            lines.append(FileEntry(record.confirmed_at, "confirmed", *names, record.number, record.number, record.state, record.number))
    return lines
