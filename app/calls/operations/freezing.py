"""A supervisor may freeze an edition: nothing in it changes until it is released again."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
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
    """Raise EditionIsFrozen; the first line of every operation that changes something of an edition."""
    if edition.frozen_at is not None:
        raise EditionIsFrozen


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
