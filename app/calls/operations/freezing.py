"""A supervisor may freeze an edition: nothing in it changes until it is released again."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.calls.events import EditionFrozen, EditionUnfrozen
from app.calls.models import Edition
from app.core.authz import Actor
from app.core.errors import DomainError
from app.core.uow import lock


class EditionIsFrozen(DomainError):
    """Everything that changes an edition asks this first."""

    message = _l("The supervisor has frozen this edition. Nothing can be changed until it is released.")


class NotFrozen(DomainError):
    message = _l("This edition is not frozen.")


def check_not_frozen(edition: Edition) -> None:
    """Raise EditionIsFrozen. For rows that were read in this transaction, under a lock; see ``hold_edition``."""
    if edition.frozen_at is not None:
        raise EditionIsFrozen


def hold_edition(session: Session, edition_id: int) -> Edition:
    """The edition as it is now, held shared until the commit; the first line of every operation that changes something of it.

    Freezing, sealing and releasing hold it alone: each of them comes wholly before or wholly after. It is held before anything
    below it, so that nobody waits in a circle. Raises EditionIsFrozen.
    """
    wanted = select(Edition).where(Edition.id == edition_id).with_for_update(read=True, of=Edition)
    edition = session.scalars(wanted, execution_options={"populate_existing": True}).one()
    check_not_frozen(edition)
    return edition


def freeze_edition(session: Session, *, edition: Edition, reason: str, actor: Actor, now: datetime) -> Edition:
    """Stop all changes. Records EditionFrozen."""
    lock(session, edition)
    check_not_frozen(edition)
    edition.frozen_at, edition.frozen_by_id, edition.frozen_reason = (
        now,
        actor.user_id,
        reason,
    )
    record(session, EditionFrozen(edition.id, edition.id, reason), actor=actor, now=now)
    return edition


def unfreeze_edition(session: Session, *, edition: Edition, reason: str, actor: Actor, now: datetime) -> Edition:
    """Let changes happen again. Records EditionUnfrozen."""
    lock(session, edition)
    if edition.frozen_at is None:
        raise NotFrozen
    edition.frozen_at = edition.frozen_by_id = None
    edition.frozen_reason = ""
    record(session, EditionUnfrozen(edition.id, edition.id, reason), actor=actor, now=now)
    return edition
