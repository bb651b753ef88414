"""Periodic jobs under a lease: at most one worker at a time, once for each moment, and what was missed is caught up."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from huey import crontab
from sqlalchemy import select

from app.audit.models import JobLease
from app.audit.operations import leases
from app.core import clock, jobs
from app.core.claims import ATTEMPTS
from app.core.codes import token
from app.core.db import db
from app.core.uow import atomic

log = logging.getLogger(__name__)

#: A worker that has said nothing for so long is dead; the next one takes over.
PATIENCE = timedelta(seconds=60)
A_MINUTE = timedelta(minutes=1)


def run_due(periodic: jobs.Periodic) -> bool:
    """Do the job for the last moment at which it was due, unless another worker has it or has done it."""
    holder, due_at = token()[:20], periodic.last_due(clock.now())
    if due_at is None or not _take(periodic.name, due_at, holder):
        return False
    is_done = False
    try:
        with _kept(periodic.name, holder):
            periodic.run()
        is_done = True
    finally:
        db.session.rollback()
        with atomic() as session:
            leases.give_back(session, name=periodic.name, holder=holder, is_done=is_done, now=clock.now())
    return True


def _take(name: str, due_at: datetime, holder: str) -> bool:
    with atomic() as session:
        return leases.take(session, name=name, due_at=due_at, holder=holder, patience=PATIENCE, now=clock.now())


@contextmanager
def _kept(name: str, holder: str) -> Iterator[None]:
    """The lease is renewed while the job runs, by a thread that dies with the process."""
    ended = threading.Event()
    thread = threading.Thread(target=_keep_alive, args=(name, holder, ended), daemon=True, name=f"lease of {name}")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _keep_alive(name: str, holder: str, ended: threading.Event) -> None:
    while not ended.wait(PATIENCE.total_seconds() / 3):
        try:
            with jobs.in_context(), atomic() as session:
                if not leases.keep(session, name=name, holder=holder, patience=PATIENCE, now=clock.now()):
                    log.error("the lease of %s went to another worker while this one was at it", name)
                    return
        except Exception:
            log.exception("the lease of %s could not be renewed", name)


@jobs.every(crontab())
def catch_up() -> None:
    """Every minute: what was due while no worker ran, and what a worker died of or failed at."""
    now = clock.now()
    rows = db.session.execute(select(JobLease.name, JobLease.due_at, JobLease.done_at, JobLease.attempts)).all()
    known = {row.name: row for row in rows}
    for periodic in jobs.PERIODIC.values():
        lease = known.get(periodic.name)
        due_at = periodic.last_due(now, since=lease.due_at if lease is not None else None)
        if due_at is None or now - due_at < A_MINUTE:
            continue
        if lease is None:
            with atomic() as session:
                leases.begin(session, name=periodic.name, due_at=due_at, now=now)
        elif lease.due_at != due_at or (lease.done_at is None and lease.attempts < ATTEMPTS):
            run_missed(periodic.name)


@jobs.task()
def run_missed(name: str) -> None:
    """One job that ``catch_up`` found; asked for twice, it is done once."""
    run_due(jobs.PERIODIC[name])


jobs.guard_by(run_due)
