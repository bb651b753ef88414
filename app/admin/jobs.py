"""Looking for what people should hear of: data that break a rule of the house, signs of misuse, a machine in need."""

from __future__ import annotations

from flask import current_app
from huey import crontab

from app.audit import bus
from app.audit.enums import AlarmKind
from app.core import clock
from app.core.db import db
from app.core.jobs import every

from .invariants import broken_invariants
from .queries.watching import signs


@every(crontab(hour="19", minute="0"))
def mind_invariants() -> None:
    """03:00 in China: one alarm for each rule that does not hold, until people have looked."""
    for broken in broken_invariants(db.session):
        bus.alarm(AlarmKind.INVARIANT, broken.invariant.name, broken.said)


@every(crontab(minute="*/5"))
def look_around() -> None:
    """Every five minutes: one alarm for each thing that is beyond its limit, until people have looked."""
    config = current_app.extensions["jiebang"]
    for sign in signs(db.session, now=clock.now(), var=config.var, backups=config.backups):
        bus.alarm(sign.kind, sign.key, sign.detail)
