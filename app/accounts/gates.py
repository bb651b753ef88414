"""Gates before a view: signed in, second factor set up where the role demands it, identity proved a moment ago."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, flash, redirect, request, url_for
from flask_babel import gettext as _

from app.core import authz, web
from app.core.db import db
from app.core.web import actor, safe_target
from app.settings.queries import setting

RECENT = timedelta(minutes=5)


def require_sign_in() -> Any:
    """``before_request`` of every signed-in area: to the sign-in page, or to setting up the second factor that the role demands."""
    who = actor()
    if who.is_anonymous:
        return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
    if who.must_enrol_second_factor and not (request.endpoint or "").startswith(
        ("accounts.factor.", "accounts.keys.", "accounts.my.sign_out", "accounts.my.confirm")
    ):
        authz.note_public()
        flash(_("Your role demands a second factor. Please set it up first."), "warning")
        return redirect(url_for("accounts.factor.index"), code=303)
    return None


def require_recent_sign_in(back: str = "") -> Any:
    """Before steps with weight: when the last proof of identity is older than five minutes, ask for it; nothing has happened yet.

    Use as ``before_request``, or in a view: ``if challenge := require_recent_sign_in(): return challenge``. ``back``: the page to
    return to where the step itself is none, but a file.
    """
    gate = require_sign_in()
    if gate is not None:
        return gate
    if is_recent():
        return None
    authz.note_public()
    if request.method != "GET" or back:
        flash(_("Please confirm that it is you, then repeat the step. Nothing has been changed yet."), "warning")
    return redirect(url_for("accounts.my.confirm", next=back or _page()), code=303)


def require_signing_proof() -> Any:
    """Before a signature: whoever has a second factor has used it within five minutes; where the setting demands one, it is set up first.

    Whoever has none, and needs none, proves with the password in the form itself.
    """
    if actor().has_second_factor:
        return require_recent_sign_in()
    if not setting(db.session, "sign_off_second_factor"):
        return None
    authz.note_public()
    flash(_("Signing demands a second factor. Please set it up first; your sheets are kept."), "warning")
    return redirect(url_for("accounts.factor.index"), code=303)


def is_recent() -> bool:
    """Whether the person proved who they are within the last five minutes, with the second factor where there is one."""
    who = actor()
    proofs = [who.reauthenticated_at, who.second_factor_at] if who.has_second_factor else [who.reauthenticated_at]
    return all(at is not None and at + RECENT > web.now() for at in proofs)


def _page() -> str:
    """The page to come back to: this one, or for a POST the one it was sent from."""
    if request.method == "GET":
        return safe_target(request.full_path.rstrip("?"))
    parts = urlsplit(request.referrer or "")
    return safe_target(parts.path + (f"?{parts.query}" if parts.query else ""), "/my/") if parts.netloc == request.host else "/my/"
