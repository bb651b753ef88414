"""Everything that the database holds of one person: the basis of the preview, of the erasure and of the person's own copy."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.accounts.models import Profile, User
from app.accounts.operations.profiles import Sensitive
from app.audit.models import JournalEvent
from app.calls.models import Stage
from app.core.crypto import keys
from app.entries.enums import MemberState
from app.entries.models import BlindCopy, BlindFile, Entry, EntryFile, EntryMember
from app.judging.models import Panel, Seat
from app.notify.models import Message, MessageEdit
from app.privacy.rules import words_of
from app.results.models import Award, Certificate
from app.talent.models import SelectionRecord


@dataclass(frozen=True)
class Footprint:
    """Ids by kind. ``alone``: entries that are nobody else's; ``official``: those of them with an award; ``shared``: a team's."""

    user_id: int
    words: tuple[str, ...] = field(repr=False)
    alone: tuple[int, ...]
    official: tuple[int, ...]
    shared: tuple[int, ...]
    editions: tuple[int, ...]
    seats: tuple[int, ...]
    files: tuple[int, ...]
    mails: tuple[int, ...]
    mentions: tuple[int, ...]
    facts: tuple[int, ...]
    certificates: tuple[int, ...]
    records: tuple[int, ...]

    @property
    def entries(self) -> tuple[int, ...]:
        return (*self.alone, *self.shared)

    @property
    def digest(self) -> str:
        """Of what people decide on; mails and facts come and go meanwhile."""
        lasting = (self.user_id, self.alone, self.official, self.shared, self.seats, self.files, self.certificates, self.records)
        return hashlib.sha256(repr(lasting).encode()).hexdigest()


def footprint_of(session: Session, user: User, *, traces: bool = True) -> Footprint:
    """Where the person is known, as of now. ``traces`` also looks for their name in mails to others and in the journal, row by row."""
    words = identifying_words(session, user)
    alone, shared = _entries(session, user)
    editions = _editions(session, user, (*alone, *shared))
    mine = select(Message.id).where(or_(Message.user_id == user.id, Message.email == user.email))
    mails = tuple(session.scalars(mine.order_by(Message.id)))
    awards = select(Award.entry_id).where(Award.entry_id.in_(alone))
    return Footprint(
        user_id=user.id, words=words, alone=alone, shared=shared, editions=tuple(editions),
        official=tuple(sorted(set(session.scalars(awards)))),
        seats=tuple(session.scalars(select(Seat.id).where(or_(Seat.user_id == user.id, Seat.email == user.email)).order_by(Seat.id))),
        files=_files(session, alone), mails=mails, mentions=_mentions(session, user, words, editions, mails) if traces else (),
        facts=_facts(session, user, words, editions) if traces else (),
        certificates=tuple(session.scalars(
            select(Certificate.id).join(Award, Award.id == Certificate.award_id)
            .where(Award.entry_id.in_((*alone, *shared))).order_by(Certificate.id))),
        records=tuple(session.scalars(select(SelectionRecord.id).where(SelectionRecord.user_id == user.id).order_by(SelectionRecord.id))),
    )  # fmt: skip


def identifying_words(session: Session, user: User) -> tuple[str, ...]:
    """Name, address and numbers of the person, in clear; they never leave the process."""
    profile = session.get(Profile, user.id)
    stored = [(kind, getattr(profile, kind.value)) for kind in Sensitive] if profile else []
    return words_of(user.name, user.email, *(keys.cipher.decrypt(blob, kind.value) for kind, blob in stored if blob))


def _entries(session: Session, user: User) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Entries that the person has alone, and those with others."""
    member = select(EntryMember.entry_id).where(or_(EntryMember.user_id == user.id, EntryMember.email == user.email))
    mine = set(session.scalars(select(Entry.id).where(or_(Entry.leader_id == user.id, Entry.id.in_(member)))))
    others = select(EntryMember.entry_id).where(
        EntryMember.entry_id.in_(mine), EntryMember.state == MemberState.CONFIRMED,
        EntryMember.email != user.email, or_(EntryMember.user_id.is_(None), EntryMember.user_id != user.id),
    )  # fmt: skip
    led_by_others = select(Entry.id).where(Entry.id.in_(mine), Entry.leader_id != user.id)
    shared = {*session.scalars(others), *session.scalars(led_by_others)}
    return tuple(sorted(mine - shared)), tuple(sorted(shared))


def _editions(session: Session, user: User, entries: tuple[int, ...]) -> list[int]:
    entered = session.scalars(select(Entry.edition_id).where(Entry.id.in_(entries)))
    judged = session.scalars(
        select(Stage.edition_id)
        .join(Panel, Panel.stage_id == Stage.id)
        .join(Seat, Seat.panel_id == Panel.id)
        .where(Seat.user_id == user.id)
    )
    return sorted({*entered, *judged})


def _files(session: Session, entries: tuple[int, ...]) -> tuple[int, ...]:
    attached = session.scalars(select(EntryFile.blob_id).where(EntryFile.entry_id.in_(entries)))
    copies = select(BlindFile).join(BlindCopy, BlindCopy.id == BlindFile.copy_id).where(BlindCopy.entry_id.in_(entries))
    derived = {number for row in session.scalars(copies) for number in (row.blob_id, row.sent_blob_id) if number is not None}
    return tuple(sorted({*attached, *derived}))


def _mentions(session: Session, user: User, words: tuple[str, ...], editions: list[int], own: tuple[int, ...]) -> tuple[int, ...]:
    """Mails to others in which the person occurs: by address anywhere, by name where the two can have met."""
    near = or_(Message.edition_id.in_(editions), Message.edition_id.is_(None))
    texts = [getattr(model, name) for model in (Message, MessageEdit) for name in ("subject", "body_text", "body_html")]
    here = or_(*(_says(column, user, words, near) for column in texts))
    found = select(Message.id).outerjoin(MessageEdit, MessageEdit.message_id == Message.id).where(here, Message.id.not_in(own))
    return tuple(session.scalars(found.distinct().order_by(Message.id)))


def _facts(session: Session, user: User, words: tuple[str, ...], editions: list[int]) -> tuple[int, ...]:
    """Facts about the person's account, and facts whose details name the person."""
    near = or_(JournalEvent.actor_id == user.id, JournalEvent.chain.in_([f"edition:{number}" for number in editions]))
    about = and_(JournalEvent.subject.in_(("user", "profile")), JournalEvent.subject_id == user.id)
    found = select(JournalEvent.id).where(JournalEvent.payload.is_not(None), or_(about, _says(JournalEvent.payload, user, words, near)))
    return tuple(session.scalars(found.order_by(JournalEvent.id)))


def _says(column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], user: User, words: tuple[str, ...],
          near: ColumnElement[bool]) -> ColumnElement[bool]:  # fmt: skip
    """Names are shared by many people, so they count only ``near`` the person; addresses and numbers count anywhere."""
    anywhere = [column.icontains(word, autoescape=True) for word in words if word != user.name.strip()]
    named = and_(column.contains(user.name.strip(), autoescape=True), near) if user.name.strip() in words else false()
    return or_(named, *anywhere)


def has_run_out(since: datetime, now: datetime, years: int) -> bool:
    """Whether an official record of that moment has been kept long enough."""
    return (now.year - since.year, now.month, now.day) >= (years, since.month, since.day)
