"""What the frame of a page links to: sign-in, roles, messages, the public menu; missing pages are left out."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, url_for
from flask_babel import gettext as _

from .accounts.enums import Role
from .core.authz import Actor
from .core.clock import DEFAULT_ZONE
from .core.resting import rest

Link = dict[str, Any]


def shell(actor: Actor) -> dict[str, Any]:
    """Links and names for the top bar and the foot; the layouts say how they look."""
    frame: dict[str, Any] = {
        "home_url": address("site.public.index") or "/",
        "workplace_url": address("accounts.my.index", "site.public.index") or "/",
        "sign_in_url": address("accounts.public.sign_in"),
        "portal_nav": links(
            (_("Contests"), "site.public.index"),
            (_("Public notices"), "site.public.notices"),
            (_("Verification"), "site.public.verify"),
        ),
        "banners": banners(),
        "footer": links((_("How your data are used"), "accounts.public.notice")),
    }
    if actor.is_authenticated:
        frame |= {
            "sign_out_url": address("accounts.my.sign_out"),
            "notifications_url": address("notify.my.index"),
            "unread": actor.count("unread"),
            "menu": links(
                (_("Profile"), "accounts.profile.index"),
                (_("Security"), "accounts.security.index"),
                (_("My files"), "downloads.index"),
                (_("My data"), "privacy.my.index"),
                (_("My organizations"), "accounts.organizations.index"),
            ),
            "roles_url": address("accounts.my.choose_role"),
            "roles": roles(actor),
            "role_label": Role(actor.current_role).label if actor.current_role in set(Role) else "",
        }
    return frame


def banners() -> list[tuple[str, str]]:
    """What concerns everybody on every page: that this is a restored copy which only shows."""
    if rest.taken_at is None:
        return []
    moment = f"{rest.taken_at.astimezone(ZoneInfo(DEFAULT_ZONE)):%Y-%m-%d %H:%M}"
    told = _("Restored from the backup of %(time)s (Beijing time). Not opened yet: it can be read; nobody can sign in or change anything.",
             time=moment)  # fmt: skip
    return [(told, "warning")]


def roles(actor: Actor) -> list[Link]:
    """The roles the person may act in, the current one marked."""
    held = {grant.role for grant in actor.grants}
    return [{"value": role.value, "label": role.label, "current": role == actor.current_role} for role in Role if role in held]


def links(*wanted: tuple[str, str]) -> list[Link]:
    """Label and address of those endpoints that exist."""
    return [{"label": label, "url": url} for label, endpoint in wanted if (url := address(endpoint))]


def address(*endpoints: str) -> str:
    """The URL of the first of the endpoints that exists; empty if none does."""
    for endpoint in endpoints:
        if endpoint in current_app.view_functions:
            return url_for(endpoint)
    return ""
