"""Pages of accounts: for everybody (signing in and up, links), for oneself, for one's organizations."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, Response, request

from app.accounts.operations.sessions import SEEN_EVERY, note_refusal, note_seen
from app.core import authz
from app.core.troubles import Unavailable
from app.core.uow import atomic
from app.core.web import actor, now

from . import factor, invitations, keys, my, organizations, profile, public, security

root = Blueprint("accounts", __name__)
for child in (public.bp, my.bp, profile.bp, security.bp, factor.bp, keys.bp, organizations.bp, invitations.bp):
    root.register_blueprint(child)


@root.after_app_request
def keep_alive(response: Response) -> Response:
    """Move the idle limit of the session, at most once a minute, after the page's own work is done."""
    who = actor()
    if who.session_id and who.last_seen_at and who.last_seen_at + SEEN_EVERY <= now() and authz.decided():
        with suppress(Unavailable), atomic() as session:  # reading goes on when nothing can be written
            note_seen(session, session_id=who.session_id, now=now())
    return response


@root.after_app_request
def remember_refusal(response: Response) -> Response:
    """Write down that a signed-in person was refused a page (which page, not what was sent).

    A thing that is hidden and one that does not exist are written down alike: else the time of the answer would tell them apart.
    """
    who = actor()
    if who.is_authenticated and authz.turned_away(response.status_code):
        with suppress(Unavailable), atomic() as session:  # the refusal itself stands
            note_refusal(session, page=f"{request.method} {request.endpoint}", actor=who, now=now())
    return response


blueprints = (root,)
