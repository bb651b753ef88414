"""The product's job consumer with one more periodic job, which notes when it begins and ends; see ``timetable``."""

from __future__ import annotations

import os
import time
from pathlib import Path

from huey import crontab
from sqlalchemy import select

from app.audit.models import JobLease
from app.core.db import db
from app.core.jobs import every
from app.worker import app, huey


@every(crontab(minute="*/4"))
def tick() -> None:
    """Every four minutes; takes a while."""
    due = db.session.scalars(select(JobLease.due_at).where(JobLease.name == "tests_faults_ticking_tick")).one()
    db.release()
    _note("begins", f"{due:%H:%M}")
    time.sleep(float(os.environ["TICK_SECONDS"]))
    _note("ends", f"{due:%H:%M}")


def _note(what: str, minute: str) -> None:
    with Path(os.environ["TICKS"]).open("a") as log:
        log.write(f"{time.monotonic_ns()} {what} {os.getpid()} {minute}\n")


__all__ = ["app", "huey", "tick"]
