"""Erasing the account: what is only the person's goes, the row that others point at stays behind empty."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from app.accounts.models import RoleGrant, SignInAttempt, Token, User
from app.accounts.operations.proof import mark_of
from app.core.db import Base
from app.core.inventory import Erasure
from app.notify.models import Message, MessageEdit
from app.privacy.inventory import holdings
from app.privacy.rules import GONE

#: Tables whose rows are a person's in another way than by ``user_id`` alone.
ELSEWHERE = {model.__tablename__ for model in (Token, SignInAttempt, Message, MessageEdit)}


def placeholder(user_id: int) -> str:
    """An address that reaches nobody and stays unique."""
    return f"erased-{user_id}@erased.invalid"


def erase_account(session: Session, user: User, now: datetime) -> dict[str, int]:
    """Empty the account and remove everything that hangs on it: every table that the inventory says loses its rows; counts by table."""
    marks = [mark_of(user.email, purpose) for purpose in ("account", "link")]
    counts = {
        "tokens": _remove(session, delete(Token).where(or_(Token.user_id == user.id, Token.email == user.email))),
        "sign_in_attempts": _remove(session, delete(SignInAttempt).where(SignInAttempt.account.in_(marks))),
    }
    for name in sorted(row.table for row in holdings() if row.erasure is Erasure.DELETE and row.table not in ELSEWHERE):
        table = Base.metadata.tables[name]
        counts[name] = _remove(session, delete(table).where(table.c.user_id == user.id))
    session.execute(update(RoleGrant).where(RoleGrant.user_id == user.id, RoleGrant.ended_at.is_(None)).values(ended_at=now))
    user.email, user.name, user.sort_key = placeholder(user.id), GONE, ""
    user.password_hash = user.totp_secret = user.totp_enabled_at = user.totp_last_step = None
    user.second_factor_since = None
    user.disabled_at = user.disabled_at or now
    return counts


def _remove(session: Session, statement: Any) -> int:
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]
