"""The nightly round: what is past its time goes."""

from __future__ import annotations

from datetime import timedelta

from huey import crontab

from app.core import clock
from app.core.authz import SYSTEM
from app.core.db import db
from app.core.durability import compact
from app.core.jobs import every
from app.core.uow import atomic

from .operations.purging import BATCH, EXPIRING, remove_expired
from .queries.requests import erased_since

A_DAY = timedelta(hours=25)  # with an hour to spare: rather once too often than never


@every(crontab(hour="19", minute="40"))
def keep_no_longer() -> None:
    """03:40 in China, in small transactions, so that nobody waits for them."""
    for table in EXPIRING:
        removed = BATCH
        while removed == BATCH:
            with atomic() as session:
                removed = remove_expired(session, table=table, actor=SYSTEM, now=clock.now())


@every(crontab(hour="20", minute="10"))
def forget_deleted_bytes() -> None:
    """04:10 in China, after a day with an erasure: what was deleted must not stand in the database's free pages."""
    is_due = erased_since(db.session, clock.now() - A_DAY)
    db.release()  # the reading transaction would keep the old pages
    if is_due and db.engine is not None:
        compact(db.engine)
