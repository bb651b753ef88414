"""Leases of periodic jobs: one worker at a time, once for each moment of the timetable, taken over when that worker is silent."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import JobLease
from app.core.claims import ATTEMPTS
from app.core.upserting import insert_into


def take(session: Session, *, name: str, due_at: datetime, holder: str, patience: timedelta, now: datetime) -> bool:
    """Take the job up for this moment of its timetable; False when somebody has it, has done it, or it failed too often."""
    session.execute(insert_into(session, JobLease).values(name=name, attempts=0).on_conflict_do_nothing())
    lease = _locked(session, name)
    if _is_held(lease, patience, now) or not _is_wanted(lease, due_at, now):
        return False
    if lease.due_at != due_at:
        lease.due_at, lease.attempts = due_at, 0
    lease.done_at, lease.attempts = None, lease.attempts + 1
    lease.holder, lease.held_until = holder, now + patience
    return True


def keep(session: Session, *, name: str, holder: str, patience: timedelta, now: datetime) -> bool:
    """Say that the holder is alive; False when the lease has gone to another."""
    lease = _locked(session, name)
    if lease.holder != holder:
        return False
    lease.held_until = now + patience
    return True


def give_back(session: Session, *, name: str, holder: str, is_done: bool, now: datetime) -> None:
    """The job has ended; without ``is_done`` it is tried again while attempts are left."""
    lease = _locked(session, name)
    if lease.holder == holder:
        lease.holder = lease.held_until = None
        lease.done_at = now if is_done else None


def begin(session: Session, *, name: str, due_at: datetime, now: datetime) -> None:
    """A job that has no lease yet counts as done up to here: a first start, or an update, catches nothing up."""
    if session.get(JobLease, name) is None:
        session.add(JobLease(name=name, due_at=due_at, done_at=now, attempts=0))


def _locked(session: Session, name: str) -> JobLease:
    wanted = select(JobLease).where(JobLease.name == name).with_for_update()
    return session.scalars(wanted, execution_options={"populate_existing": True}).one()


def _is_held(lease: JobLease, patience: timedelta, now: datetime) -> bool:
    """A lease that reaches further than any was given comes from a clock that was ahead."""
    return lease.held_until is not None and now < lease.held_until <= now + 2 * patience


def _is_wanted(lease: JobLease, due_at: datetime, now: datetime) -> bool:
    if lease.due_at is None or lease.due_at > now:
        return True
    if lease.due_at == due_at:
        return lease.done_at is None and lease.attempts < ATTEMPTS
    return lease.due_at < due_at
