"""What stands above the outbox: the mails of a frozen edition wait as everything else of it does.

The outbox itself knows no editions, so who works on a message of one asks here first, in the same transaction.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.calls.models import Edition
from app.calls.operations.freezing import check_not_frozen
from app.core.uow import lock


def check_may_change(session: Session, *, edition_id: int | None) -> None:
    """Raise EditionIsFrozen when the edition that a message belongs to is frozen; messages of no edition are free.

    Locks the edition, so that a freeze and a release at the same moment come one after the other.
    """
    if edition_id is not None:
        check_not_frozen(lock(session, session.get_one(Edition, edition_id)))
