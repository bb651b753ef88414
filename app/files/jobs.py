"""Nightly housekeeping of stored files."""

from __future__ import annotations

import logging

from huey import crontab

from app.core import clock
from app.core.db import db
from app.core.jobs import every
from app.core.uow import atomic

from .operations.sweeping import dangling, forget_unused, mark_altered, sweep_objects
from .setup import storage

log = logging.getLogger(__name__)


@every(crontab(hour="19", minute="20"))
def sweep_files() -> None:
    """03:20 in China: forget unused files, remove objects without a row, check every digest."""
    moment = clock.now()
    with atomic() as session:
        forget_unused(session, now=moment)
    sweep_objects(db.session, store=storage(), now=moment)
    wrong = dangling(db.session, store=storage())
    for blob in wrong:
        log.error("stored file %s (blob %s) is missing or altered", blob.key, blob.id)
    found = {blob.id for blob in wrong}
    with atomic() as session:
        mark_altered(session, wrong=found, now=moment)
