"""Telling teams about a released result: one message each, held until somebody has read and released the batch."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.audit.bus import subscribes
from app.notify.addresses import absolute

from .events import ResultReleased
from .operations.messages import queue_team_messages


@subscribes(ResultReleased)
def tell_teams(session: Session, event: ResultReleased, now: datetime) -> None:
    """Runs again after a lost worker without a second message."""

    def address(code: str) -> str:
        return absolute("results.team.result", entry_code=code)

    queue_team_messages(session, run_id=event.run_id, address=address, now=now)
