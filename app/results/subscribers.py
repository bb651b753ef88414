"""Telling teams about a released result: one message each, held until somebody has read and released the batch."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.audit.bus import subscribes
from app.entries.subscribers import is_member
from app.notify.addresses import absolute
from app.notify.models import Message
from app.notify.receivers import entitles

from .enums import RunState
from .events import ResultReleased
from .models import ResultRun
from .operations.messages import queue_team_messages, run_of


@subscribes(ResultReleased)
def tell_teams(session: Session, event: ResultReleased, now: datetime) -> None:
    """Runs again after a lost worker without a second message."""

    def address(code: str) -> str:
        return absolute("results.team.result", entry_code=code)

    queue_team_messages(session, run_id=event.run_id, address=address, now=now)


@entitles("told_member")
def may_be_told(session: Session, message: Message, member_id: int, now: datetime) -> bool:
    """The news of a result: to members of the team, while this result is the one in force."""
    run = session.get(ResultRun, run_of(message.batch or ""), populate_existing=True)
    return run is not None and run.state == RunState.RELEASED and is_member(session, message, member_id, now)
