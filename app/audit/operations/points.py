"""The verified point of a chain: what was walked once need not be walked at each look, and the database alone cannot move it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import tree
from app.audit.enums import AlarmKind
from app.audit.models import ChainPoint, JournalEvent, JournalHead
from app.core.authz import SYSTEM
from app.core.crypto import Signer
from app.core.uow import lock

from .alarms import raise_alarm
from .verify import ChainReport, Walk, report_of, walk

#: What a page walks at most; the rest is the jobs' work.
TAIL = 5_000
STRIDE = 20_000


def state_of(session: Session, name: str, signer: Signer, limit: int = TAIL) -> ChainReport:
    """The chain's state for a page: from its verified point over at most ``limit`` further facts. Three statements."""
    point, head = session.get(ChainPoint, name), session.get(JournalHead, name)
    begun = begun_at(session, point, signer)
    since = begun.seq
    gone = walk(session, name, begun, limit)
    whole_at, walking = (point.whole_at, point.whole_seq) if point is not None else (None, None)
    if head is not None and gone.seq < head.seq and gone.seq - since >= limit:
        return ChainReport(name, gone.seq, head.hash, gone.broken_at, gone.reason, head.seq, since, whole_at, walking)
    return replace(report_of(name, head, gone), since=since, whole_at=whole_at, walking=walking)


def begun_at(session: Session, point: ChainPoint | None, signer: Signer) -> Walk:
    """The walk up to the point; from nothing when there is none, when its signature is not ours, or when its last row is gone."""
    if point is None or not signer.verify(_signed(point), point.signature):
        return Walk()
    known = session.scalar(select(JournalEvent.hash).where(JournalEvent.chain == point.chain, JournalEvent.seq == point.seq))
    if known != point.hash:
        return Walk()
    return Walk(point.seq, point.hash, point.leaves, tree.unpacked(point.peaks), point.broken_at, point.reason)


def store_point(session: Session, *, name: str, gone: Walk, signer: Signer, now: datetime, is_whole: bool = False) -> ChainPoint:
    """Keep how far was walked; ``is_whole`` when the walk began at the first fact. A break raises an alarm, once."""
    point = point_of(session, name, now)
    if is_whole or gone.seq >= point.seq:
        point.seq, point.hash, point.leaves, point.peaks = gone.seq, gone.hash, gone.leaves, tree.packed(gone.peaks)
        point.broken_at, point.reason, point.verified_at, point.key_id = gone.broken_at, gone.reason[:200], now, signer.key_id
        point.signature = signer.sign(_signed(point))
    if is_whole:
        point.whole_at, point.whole_asked_at, point.whole_seq = now, None, None
    if gone.broken_at is not None:
        alarm_of_break(session, name=name, broken_at=gone.broken_at, reason=gone.reason, now=now)
    return point


def alarm_of_break(session: Session, *, name: str, broken_at: int, reason: str, now: datetime) -> None:
    """The alarm about one break. Scoring goes on: the next fact links to what stands at the end."""
    edition = name.removeprefix("edition:")
    raise_alarm(
        session, kind=AlarmKind.CHAIN, key=f"{name}#{broken_at}", detail=f"{name}, fact {broken_at}: {reason}", actor=SYSTEM, now=now,
        edition_id=int(edition) if edition.isdecimal() else None,
    )  # fmt: skip


def ask_whole(session: Session, *, name: str, now: datetime) -> ChainPoint:
    """Have the chain walked from its first fact, in the background."""
    point = point_of(session, name, now)
    if point.whole_asked_at is None:
        point.whole_asked_at, point.whole_seq = now, 0
    return point


def note_progress(session: Session, *, name: str, seq: int, now: datetime) -> None:
    """How far the walk from the first fact has come."""
    point_of(session, name, now).whole_seq = seq


def point_of(session: Session, name: str, now: datetime) -> ChainPoint:
    """The chain's point, locked; made when there is none."""
    point = session.get(ChainPoint, name)
    if point is not None:
        return lock(session, point)
    point = ChainPoint(chain=name, seq=0, hash="", leaves=0, peaks="", verified_at=now, key_id="", signature="", reason="")
    session.add(point)
    session.flush()  # two that make it at once meet the primary key here
    return point


def _signed(point: ChainPoint) -> bytes:
    fields = (point.chain, point.seq, point.hash, point.leaves, point.peaks, point.broken_at, point.reason)
    return b"jiebang/point/v1" + msgspec.json.encode(fields)
