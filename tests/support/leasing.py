"""A worker process whose one periodic job is due five times a second: it notes when it begins and ends, and dies or hangs when told to.

``python -m tests.support.leasing FOLDER NAME``: writes to FOLDER/log; ends when FOLDER/stop is there; hangs within the job while
FOLDER/hang-NAME is there.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from app.audit.jobs import leasing
from app.audit.models import JobLease
from app.core.db import db
from app.core.jobs import Periodic
from app.factory import create_app


class Often(Periodic):
    """A timetable finer than a real one: every fifth of a second."""

    def last_due(self, now: datetime, since: datetime | None = None) -> datetime | None:
        return now.replace(microsecond=now.microsecond // 200_000 * 200_000)


def main() -> None:
    folder, name = Path(sys.argv[1]), sys.argv[2]
    leasing.PATIENCE = timedelta(seconds=1.5)

    def note(what: str) -> None:
        due = db.session.scalars(select(JobLease.due_at)).one()
        with (folder / "log").open("a") as log:
            log.write(f"{time.monotonic_ns()} {what} {name} {due:%H:%M:%S.%f}\n")
        db.release()

    def job() -> None:
        note("begins")
        while (folder / f"hang-{name}").exists():
            time.sleep(0.05)
        time.sleep(0.15 if "slow" not in name else 0.5)
        note("ends")

    app = create_app()
    (folder / f"ready-{name}").touch()
    periodic = Often("tests_often", lambda minute: True, job)
    while not (folder / "stop").exists():
        with app.app_context():
            leasing.run_due(periodic)
        time.sleep(0.01)
    os._exit(0)


if __name__ == "__main__":
    main()
