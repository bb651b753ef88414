"""The nightly look for data that break a rule of the house."""

from __future__ import annotations

from huey import crontab

from app.audit import bus
from app.audit.enums import AlarmKind
from app.core.db import db
from app.core.jobs import every

from .invariants import broken_invariants


@every(crontab(hour="19", minute="0"))
def mind_invariants() -> None:
    """03:00 in China: one alarm for each rule that does not hold, until people have looked."""
    for broken in broken_invariants(db.session):
        bus.alarm(AlarmKind.INVARIANT, broken.invariant.name, broken.said)
