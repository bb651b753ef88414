"""Whether a mail may still go to its receiver: asked again in the moment of sending, because it may have waited for days.

Each mail says what it rests on: ``seat:7``, ``member:12``, ``link:3``. Features register here what must still be so.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.models import Token, User

from .models import Message

#: ``check(session, message, id, now)``: whether the thing of that id still entitles the receiver.
Check = Callable[[Session, Message, int, datetime], bool]

CHECKS: dict[str, Check] = {}
#: The mail goes to the owner of an account or of an address as such; no right can end.
OWNER = ""


def entitles(name: str) -> Callable[[Check], Check]:
    """Have the decorated function asked about mails that rest on a thing of this name."""

    def register(check: Check) -> Check:
        if CHECKS.setdefault(name, check) is not check:
            raise ValueError(f"two checks of {name}")
        return check

    return register


def may_still_go(session: Session, message: Message, now: datetime) -> bool:
    """Whether the receiver has an account in force and what the mail rests on still holds. A name that nobody knows holds nothing."""
    if message.user_id is not None:
        user = session.get(User, message.user_id, populate_existing=True)
        if user is None or user.disabled_at is not None:
            return False
    if message.rests_on == OWNER:
        return True
    name, _colon, number = message.rests_on.partition(":")
    return name in CHECKS and CHECKS[name](session, message, int(number), now)


@entitles("link")
def link_is_alive(session: Session, message: Message, token_id: int, now: datetime) -> bool:
    """A link that was used, revoked or is past its time is not sent any more."""
    token = session.get(Token, token_id, populate_existing=True)
    return token is not None and token.used_at is None and token.revoked_at is None and token.expires_at > now
