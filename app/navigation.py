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
    Item(_l("My workplace"), "accounts.my.index", "house"),
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


#: The pages of one edition in groups: heading (empty: the edition's name), then label, endpoint with ``code``, icon.
#: Pages that do not exist are left out.
EDITION = (
    (
        "",
        (
            (_l("Overview"), "calls.manage.overview", "house"),
            (_l("Approvals"), "calls.manage.approvals", "check2-square"),
        ),
    ),
    (
        _l("Preparation"),
        (
            (_l("Texts and contacts"), "calls.manage.about", "info-circle"),
            (_l("Divisions"), "calls.manage.divisions", "grid-3x3-gap"),
            (_l("Forms"), "entries.forms.index", "ui-checks"),
            (_l("Stages and rules"), "calls.manage.stages", "list-ol"),
            (_l("Timeline"), "calls.manage.timeline", "calendar3"),
            (_l("Rule dossier"), "calls.manage.dossier", "file-earmark-text"),
            (_l("Staff"), "calls.manage.staff", "people"),
        ),
    ),
    (
        _l("Running the edition"),
        (
            (_l("News and files"), "calls.manage.news", "newspaper"),
            (_l("Entries"), "entries.table.index", "folder2-open"),
            (_l("Formal check"), "entries.check.index", "clipboard-check"),
            (_l("Judging"), "judging.progress.index", "people-fill"),
            (_l("Outbox"), "admin.edition_outbox.index", "envelope"),
        ),
    ),
    (
        _l("Outcome"),
        (
            (_l("Results"), "results.manage.index", "bar-chart-line"),
            (_l("Public notices"), "results.notices.index", "megaphone"),
            (_l("Awards and certificates"), "results.certificates.index", "award"),
        ),
    ),
)


def edition_sections(code: str, title: str) -> list[dict[str, object]]:
    """The sections of an edition for the side of its pages, the nearest page marked."""
    known = current_app.view_functions
    groups = [(heading or title, [item for item in items if item[1] in known]) for heading, items in EDITION]
    address = {endpoint: url_for(endpoint, code=code) for _heading, items in groups for _label, endpoint, _icon in items}
    nearest = _nearest(address)
    return [
        {
            "title": heading,
            "links": [
                {"label": label, "url": address[endpoint], "icon": icon, "current": address[endpoint] == nearest}
                for label, endpoint, icon in items
            ],
        }
        for heading, items in groups
        if items
    ]


def _nearest(address: dict[str, str]) -> str:
    """Of the pages of the feature that answers, the only one or the longest that leads to the page; else of all pages."""
    own = [url for endpoint, url in address.items() if _feature(endpoint) == _feature(request.endpoint)]
    here = own if len(own) == 1 else [url for url in own or address.values() if request.path.startswith(url)]
    return max(here, key=len, default="")


def _feature(endpoint: str | None) -> str:
    return (endpoint or "").partition(".")[0]
