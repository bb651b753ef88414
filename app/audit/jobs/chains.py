"""Walking chains in the background: a little at a time all day, everything at night; and the daily checkpoints."""

from __future__ import annotations

import logging

from flask import current_app
from huey import crontab
from sqlalchemy import select

from app.audit import bus
from app.audit.enums import AlarmKind
from app.audit.models import ChainPoint, JournalHead
from app.audit.operations import checkpoints, points
from app.audit.operations.verify import Walk, walk
from app.core import clock
from app.core.crypto import Signer
from app.core.db import db
from app.core.jobs import every, task
from app.core.uow import atomic

log = logging.getLogger(__name__)
DAILY = "daily"


@task()
def walk_whole(name: str) -> None:
    """Walk one chain from its first fact, noting the progress; what is asked for twice is done once."""
    gone = Walk()
    while True:
        before = gone.seq
        walk(db.session, name, gone, points.STRIDE)
        if gone.seq == before:
            break
        with atomic() as session:
            points.note_progress(session, name=name, seq=gone.seq, now=clock.now())
    with atomic() as session:
        points.store_point(session, name=name, gone=gone, signer=_signer(), now=clock.now(), is_whole=True)
    differs = checkpoints.check_newest(db.session, name, gone) or _head_fault(name, gone)
    if differs:
        bus.alarm(AlarmKind.CHAIN, name, differs)


def queue_walk(name: str) -> None:
    """Queue a walk; losing this call is harmless, ``advance`` finds what was asked for."""
    try:
        walk_whole(name)
    except Exception:  # noqa: BLE001 -- the queue may be down; the row is what counts
        log.warning("the queue did not take the walk of %s; the sweep will", name)


def _head_fault(name: str, gone: Walk) -> str:
    """The head is read after the rows, so it may be ahead of them, but never behind and never without its row."""
    head = db.session.get(JournalHead, name, populate_existing=True)
    if head is None or head.seq < gone.seq or (head.seq == gone.seq and head.hash != gone.hash):
        return "the head does not match the last row"
    return ""


@every(crontab(minute="*/10"))
def advance() -> None:
    """Move every chain's verified point to its end, take up walks that a lost worker left, make the checkpoints that are due."""
    for name in db.session.execute(select(JournalHead.chain)).scalars().all():
        _advance_one(name)
    for name in db.session.scalars(select(ChainPoint.chain).where(ChainPoint.whole_asked_at.is_not(None))).all():
        walk_whole(name)
    for name in checkpoints.chains_due(db.session, now=clock.now()):
        checkpoint(name, DAILY)


def _advance_one(name: str) -> None:
    signer = _signer()
    begun = points.begun_at(db.session, db.session.get(ChainPoint, name, populate_existing=True), signer)
    before = begun.seq
    gone = walk(db.session, name, begun)
    if gone.seq > before:
        with atomic() as session:
            points.store_point(session, name=name, gone=gone, signer=signer, now=clock.now())


def checkpoint(name: str, occasion: str) -> None:
    """Make a checkpoint in a transaction of its own."""
    config = current_app.extensions["jiebang"]
    with atomic() as session:
        checkpoints.make_checkpoint(session, name=name, occasion=occasion, origin=config.base_url, signer=_signer(), now=clock.now())


@every(crontab(hour="18", minute="30"))
def walk_all() -> None:
    """02:30 in China: every chain from its first fact."""
    for name in db.session.scalars(select(JournalHead.chain)).all():
        walk_whole(name)


def _signer() -> Signer:
    signer: Signer = current_app.extensions["signer"]
    return signer
