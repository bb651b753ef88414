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


#: The sections of one edition: label, endpoint with ``code``, icon. Pages that do not exist are left out.
EDITION = (
    (_l("Overview"), "calls.manage.overview", "house"),
    (_l("About"), "calls.manage.about", "info-circle"),
    (_l("Divisions"), "calls.manage.divisions", "grid-3x3-gap"),
    (_l("Forms"), "entries.forms.index", "ui-checks"),
    (_l("Stages and rules"), "calls.manage.stages", "list-ol"),
    (_l("Timeline"), "calls.manage.timeline", "calendar3"),
    (_l("Rule dossier"), "calls.manage.dossier", "file-earmark-text"),
    (_l("News and files"), "calls.manage.news", "newspaper"),
    (_l("Staff"), "calls.manage.staff", "people"),
    (_l("Approvals"), "calls.manage.approvals", "check2-square"),
    (_l("Entries"), "entries.table.index", "folder2-open"),
    (_l("Formal check"), "entries.check.index", "clipboard-check"),
    (_l("Judging"), "judging.progress.index", "people-fill"),
    (_l("Results"), "results.manage.index", "bar-chart-line"),
    (_l("Public notices"), "results.notices.index", "megaphone"),
    (_l("Awards and certificates"), "results.certificates.index", "award"),
    (_l("Outbox"), "admin.edition_outbox.index", "envelope"),
)


def edition_sections(code: str, title: str) -> list[dict[str, object]]:
    """The sections of an edition for the side of its pages, the nearest one marked."""
    known = current_app.view_functions
    shown = [item for item in EDITION if item[1] in known]
    links = [{"label": label, "url": url_for(endpoint, code=code), "icon": icon} for label, endpoint, icon in shown]
    own = [link for link, (_label, endpoint, _icon) in zip(links, shown, strict=True) if _feature(endpoint) == _feature(request.endpoint)]
    here = [str(link["url"]) for link in (own or links) if len(own) == 1 or request.path.startswith(str(link["url"]))]
    nearest = max(here, key=len, default="")
    return [{"title": title, "links": [link | {"current": link["url"] == nearest} for link in links]}]


def _feature(endpoint: str | None) -> str:
    return (endpoint or "").partition(".")[0]
