"""The side navigation by role: one list, so that no page links to what its reader cannot open."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _l

from .accounts.enums import Role
from .core.authz import Actor


@dataclass(frozen=True)
class Item:
    """One link. ``roles`` empty: everybody who is signed in; ``prefix`` marks the current section."""

    label: object
    endpoint: str
    icon: str
    roles: frozenset[str] = frozenset()
    prefix: str = ""


STAFF = frozenset({Role.HOST, Role.ORGANIZER})
ITEMS = (
    Item(_l("Overview"), "accounts.my.index", "house"),
    Item(_l("My entries"), "entries.team.index", "folder2-open", prefix="/my/entries"),
    Item(_l("My talent file"), "talent.my.index", "person-vcard", prefix="/my/talent"),
    Item(
        _l("Judge's desk"),
        "judging.desk.index",
        "clipboard-check",
        frozenset({Role.JUDGE}),
        "/desk",
    ),
    Item(_l("Editions"), "calls.manage.index", "trophy", STAFF, "/manage"),
    Item(
        _l("Talent programmes"),
        "talent.office.index",
        "stars",
        frozenset({Role.TALENT_OFFICER, Role.HOST}),
        "/talent",
    ),
    Item(
        _l("Supervision"),
        "admin.supervise.index",
        "eye",
        frozenset({Role.SUPERVISOR}),
        "/supervise",
    ),
    Item(
        _l("Administration"),
        "admin.console.index",
        "gear",
        frozenset({Role.SYSTEM_ADMIN, Role.AUDITOR}),
        "/admin",
    ),
)


def sections(actor: Actor) -> list[dict[str, object]]:
    """The links this person may follow, the current one marked."""
    if not actor.is_authenticated:
        return []
    known = current_app.view_functions
    return [
        {
            "label": item.label,
            "url": url_for(item.endpoint),
            "icon": item.icon,
            "current": request.path == url_for(item.endpoint) or bool(item.prefix and request.path.startswith(item.prefix)),
        }
        for item in ITEMS
        if item.endpoint in known and (not item.roles or actor.holds_anywhere(*item.roles))
    ]
