"""Verifying chains: numbers without gaps, links, commitments, and the head. A break is named; the walk goes on behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import chain, tree
from app.audit.models import JournalEvent, JournalHead

BATCH = 1000
_COLUMNS = (
    JournalEvent.seq, JournalEvent.name, JournalEvent.at, JournalEvent.actor_id, JournalEvent.actor_role, JournalEvent.subject,
    JournalEvent.subject_id, JournalEvent.commit, JournalEvent.prev, JournalEvent.hash, JournalEvent.salt, JournalEvent.payload,
)  # fmt: skip


@dataclass
class Walk:
    """How far a chain has been walked, and the first row that did not fit."""

    seq: int = 0
    hash: str = ""
    leaves: int = 0
    peaks: list[bytes] = field(default_factory=list)
    broken_at: int | None = None
    reason: str = ""

    def step(self, name: str, row: Any) -> None:
        """Take one row. Behind a break the chain goes on as a new segment, held to what stands there."""
        fault = _fault(name, row, self.seq + 1, self.hash)
        if fault and self.broken_at is None:
            self.broken_at, self.reason = self.seq + 1, fault
        tree.grown(self.peaks, self.leaves, row.hash)
        self.seq, self.hash, self.leaves = row.seq, row.hash, self.leaves + 1


@dataclass(frozen=True)
class ChainReport:
    """The state of one chain; ``broken_at`` is the first number that does not fit, with the reason.

    ``total``: facts the head speaks of; ``since``: up to here the report rests on an earlier walk; ``whole_at``: when everything was
    last walked; ``walking``: how far a walk that is under way has come.
    """

    chain: str
    length: int
    head: str
    broken_at: int | None = None
    reason: str = ""
    total: int = 0
    since: int = 0
    whole_at: datetime | None = None
    walking: int | None = None

    @property
    def is_whole(self) -> bool:
        return self.broken_at is None

    @property
    def is_current(self) -> bool:
        """Whether every fact has been looked at."""
        return self.length >= self.total


def walk(session: Session, name: str, begun: Walk | None = None, limit: int | None = None) -> Walk:
    """Go on from ``begun`` (from the first row without it), over at most ``limit`` rows."""
    going = begun or Walk()
    for row in session.execute(_rows(name, going, limit)):
        going.step(name, row)
    return going


def verify_chain(session: Session, name: str) -> ChainReport:
    """Walk the chain from its first row."""
    return report_of(name, session.get(JournalHead, name), walk(session, name))


def verify_all(session: Session) -> list[ChainReport]:
    return [verify_chain(session, name) for name in session.scalars(select(JournalHead.chain).order_by(JournalHead.chain))]


def report_of(name: str, head: JournalHead | None, gone: Walk) -> ChainReport:
    """What a walk to the end says; the head must be the last row."""
    total = head.seq if head is not None else gone.seq
    if gone.broken_at is None and head is not None and (head.seq, head.hash) != (gone.seq, gone.hash):
        return ChainReport(name, gone.seq, gone.hash, gone.seq + 1, "the head does not match the last row", total)
    return ChainReport(name, gone.seq, gone.hash, gone.broken_at, gone.reason, total)


def _rows(name: str, going: Walk, limit: int | None) -> Any:
    wanted = select(*_COLUMNS).where(JournalEvent.chain == name, JournalEvent.seq > going.seq).order_by(JournalEvent.seq)
    return (wanted.limit(limit) if limit else wanted).execution_options(yield_per=BATCH)


def _fault(name: str, row: Any, seq: int, prev: str) -> str:
    if row.seq != seq:
        return f"number {seq} is missing"
    if row.prev != prev:
        return "the row does not link to the one before it"
    fields = (row.name, row.at, row.actor_id, row.actor_role, row.subject, row.subject_id, row.commit, row.prev)
    if row.hash != chain.link(name, row.seq, *fields):
        return "the row was altered"
    if row.payload is not None and (row.salt is None or row.commit != chain.commitment(row.salt, row.payload)):
        return "the payload does not match its commitment"
    return ""
