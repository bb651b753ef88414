"""What talent programmes do when results come out or awards fall."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.audit.bus import subscribes
from app.core.authz import SYSTEM
from app.results.events import AwardRevoked, ResultReleased

from .operations.records import close_with_award, propose_records


@subscribes(ResultReleased)
def propose_winners(session: Session, event: ResultReleased, now: datetime) -> None:
    """A selection record for every winner whose award leads into a programme."""
    propose_records(session, edition_id=event.edition_id, actor=SYSTEM, now=now)


@subscribes(AwardRevoked)
def close_records(session: Session, event: AwardRevoked, now: datetime) -> None:
    """Nothing may rest on an award that was revoked."""
    close_with_award(session, award_id=event.award_id, reason=event.reason, actor=SYSTEM, now=now)
