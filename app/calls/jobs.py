"""What time does to editions."""

from __future__ import annotations

from huey import crontab

from app.core import clock
from app.core.authz import SYSTEM
from app.core.db import db
from app.core.jobs import every
from app.core.uow import atomic
from app.settings.queries import setting

from .models import Edition
from .operations.access import end_access
from .queries.public import long_over


@every(crontab(minute="17"))
def end_access_to_finished() -> None:
    """Once an hour, each edition in its own transaction."""
    now, days = clock.now(), int(setting(db.session, "access_days"))
    for edition_id in long_over(db.session, now, clock.local_date(now)):
        with atomic() as session:
            end_access(session, edition=session.get_one(Edition, edition_id), days=days, actor=SYSTEM, now=clock.now())
