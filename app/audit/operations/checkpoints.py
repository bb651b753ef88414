"""Checkpoints: short signed notes about a chain. Whoever holds one can tell later whether the chain was cut or rewritten."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit import tree
from app.audit.events import CheckpointMade
from app.audit.models import ChainPoint, Checkpoint, JournalEvent, JournalHead
from app.core.authz import SYSTEM
from app.core.crypto import Signer
from app.core.errors import DomainError

from .journal import record
from .points import begun_at, store_point
from .verify import Walk, walk

TITLE = "jiebang checkpoint v1"
FIELDS = ("origin", "chain", "size", "head", "root", "time", "occasion", "previous", "algorithm", "key")
ALGORITHM = "Ed25519"
DAILY = timedelta(days=1)


class NotACheckpoint(DomainError):
    message = _l("This is not a checkpoint: the file has another form.")


@dataclass(frozen=True)
class Note:
    """What a checkpoint says, and the bytes that its signature covers."""

    fields: dict[str, str]
    signed: bytes
    signature: str

    @property
    def size(self) -> int:
        return int(self.fields["size"])


def make_checkpoint(session: Session, *, name: str, occasion: str, origin: str, signer: Signer, now: datetime) -> Checkpoint | None:
    """A note about the chain as it is now; None while it has no fact, or none since the last note. Records CheckpointMade.

    The fact itself comes behind the note, so each note covers the one before it.
    """
    last = session.scalar(select(Checkpoint).where(Checkpoint.chain == name).order_by(Checkpoint.id.desc()).limit(1))
    gone = walk(session, name, begun_at(session, session.get(ChainPoint, name), signer))
    if gone.seq == 0 or (last is not None and gone.seq <= last.size + 1):
        return None
    store_point(session, name=name, gone=gone, signer=signer, now=now)
    note = _written(name, gone, occasion, origin, last, signer, now)
    made = Checkpoint(chain=name, size=gone.seq, head=gone.hash, root=tree.root(gone.peaks), occasion=occasion, made_at=now, note=note)
    session.add(made)
    session.flush()  # the fact names the checkpoint
    record(session, CheckpointMade(made.id, made.size, digest_of(note), occasion, edition_of(name)), actor=SYSTEM, now=now)
    return made


def parse_note(text: str) -> Note:
    """Read a note as a witness kept it; NotACheckpoint for anything else."""
    lines = text.replace("\r\n", "\n").lstrip("\ufeff").strip().split("\n")
    try:
        title, *rows, signature = lines
        pairs = dict(row.split(": ", 1) for row in rows)
        if title != TITLE or tuple(pairs) != FIELDS or not signature.startswith("signature: ") or int(pairs["size"]) < 1:
            raise NotACheckpoint
    except ValueError as error:
        raise NotACheckpoint from error
    return Note(pairs, _bytes(lines[:-1]), signature.removeprefix("signature: "))


def check_note(session: Session, note: Note, signer: Signer) -> str:
    """Compare a note with the chain as it is now; the sentence that says what does not fit, empty when all does."""
    said = note.fields
    if said["algorithm"] != ALGORITHM or not signer.verify(note.signed, note.signature):
        return f"the note was not signed with this server's key ({signer.key_id}), or was altered"
    name = said["chain"]
    head = session.get(JournalHead, name)
    if head is None or head.seq < note.size:
        return f"the chain was cut: the note speaks of {note.size} facts, there are {head.seq if head else 0}"
    gone = walk(session, name, limit=note.size)
    if gone.broken_at is not None:
        return f"the chain is broken at fact {gone.broken_at}: {gone.reason}"
    if (gone.seq, gone.hash) != (note.size, said["head"]):
        return f"the chain was rewritten: fact {note.size} has another hash than the note"
    if tree.root(gone.peaks) != said["root"]:
        return "the root over the facts is another one than the note's"
    return ""


def newest_size(session: Session, name: str) -> int:
    """The size that the newest checkpoint known here speaks of."""
    return session.scalar(select(func.max(Checkpoint.size)).where(Checkpoint.chain == name)) or 0


def chains_due(session: Session, *, now: datetime) -> list[str]:
    """Chains on which something happened since their last checkpoint, when that is a day old or there is none."""
    last = select(Checkpoint.chain, func.max(Checkpoint.size).label("size"), func.max(Checkpoint.made_at).label("made_at"))
    known = last.group_by(Checkpoint.chain).subquery()
    wanted = select(JournalHead.chain).outerjoin(known, known.c.chain == JournalHead.chain)
    is_old = known.c.size.is_(None) | ((JournalHead.seq > known.c.size + 1) & (known.c.made_at <= now - DAILY))
    return list(session.scalars(wanted.where(is_old).order_by(JournalHead.chain)))


def check_newest(session: Session, name: str, gone: Walk) -> str:
    """Whether a whole walk agrees with the newest checkpoint known here; the sentence that says how not."""
    last = session.scalar(select(Checkpoint).where(Checkpoint.chain == name).order_by(Checkpoint.id.desc()).limit(1))
    if last is None or gone.broken_at is not None:
        return ""
    if gone.seq < last.size:
        return f"the chain is shorter than its checkpoint of {last.size} facts"
    known = session.scalar(select(JournalEvent.hash).where(JournalEvent.chain == name, JournalEvent.seq == last.size))
    return "" if known == last.head else f"fact {last.size} is another one than its checkpoint says"


def digest_of(note: str) -> str:
    return hashlib.sha256(note.encode()).hexdigest()


def edition_of(name: str) -> int | None:
    """The edition whose chain it is; None for the platform's."""
    number = name.removeprefix("edition:")
    return int(number) if number.isdecimal() else None


def _written(name: str, gone: Walk, occasion: str, origin: str, last: Checkpoint | None, signer: Signer, now: datetime) -> str:
    values = (
        origin, name, str(gone.seq), gone.hash, tree.root(gone.peaks), now.astimezone(UTC).isoformat(timespec="microseconds"),
        occasion, digest_of(last.note) if last is not None else "-", ALGORITHM, signer.key_id,
    )  # fmt: skip
    lines = [TITLE, *(f"{field}: {value}" for field, value in zip(FIELDS, values, strict=True))]
    return "\n".join([*lines, f"signature: {signer.sign(_bytes(lines))}"]) + "\n"


def _bytes(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()
