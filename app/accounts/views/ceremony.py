"""What the pages share that ask a security key: for which site, in which browser, and what came back."""

from __future__ import annotations

from flask import current_app
from flask_babel import gettext as _

from app.accounts.models import User
from app.accounts.operations.challenges import KeyAnswer
from app.accounts.queries import security_keys
from app.accounts.rules.relying import RelyingParty, relying_party
from app.core.codes import token_hash
from app.core.db import db
from app.core.errors import NotFound
from app.core.web import actor
from app.settings.queries import setting

from .cookies import half_way_name


def site() -> RelyingParty | None:
    """The site that keys are bound to, from the configured address; None where browsers offer no keys."""
    return relying_party(current_app.extensions["jiebang"].base_url, setting(db.session, "site_name") or _("Jiebang"))


def site_or_404() -> RelyingParty:
    found = site()
    if found is None:
        raise NotFound
    return found


def offers_keys(user: User) -> bool:
    """Whether this person can answer with a key here."""
    return site() is not None and bool(security_keys(db.session, user.id))


def session_place() -> str:
    """The signed-in session that a challenge belongs to."""
    return token_hash(f"session:{actor().session_id}")


def half_way_place() -> str:
    """The half finished sign-in that a challenge belongs to."""
    return token_hash(f"half-way:{half_way_name()}")


def given(answer: str | None, place: str) -> KeyAnswer | None:
    """What the browser sent back from a key; None when it sent nothing."""
    found = site()
    return KeyAnswer(answer, place, found) if answer and found is not None else None
