"""What the console's pages share: their gate, and the list of sections each reader may open."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from app.accounts.policies import can_manage_accounts, can_read_journal
from app.core.web import actor


def console_sections() -> list[dict[str, Any]]:
    """The side navigation of the console: administrators and auditors see different parts."""
    admin, auditor = bool(can_manage_accounts(actor())), bool(can_read_journal(actor()))
    entries = (
        (_("Overview"), "admin.console.index", "speedometer2", admin or auditor),
        (_("People"), "admin.users.index", "people", admin),
        (_("Organizations"), "admin.organizations.index", "diagram-3", admin),
        (_("Roles of the site"), "admin.roles.index", "person-badge", admin),
        (_("Settings"), "admin.settings.index", "sliders", admin),
        (_("Working-day calendar"), "admin.calendar.index", "calendar3", admin),
        (_("Outbox"), "admin.outbox.index", "envelope", admin),
        (_("Deliveries"), "admin.deliveries.index", "arrow-repeat", admin or auditor),
        (_("Requests for erasure"), "privacy.erasures.index", "eraser", admin),
        (_("Data inventory"), "privacy.inventory.index", "card-list", admin or auditor),
        (_("Alarms"), "admin.alarms.index", "bell", admin or auditor),
        (_("Health"), "admin.console.health", "heart-pulse", admin or auditor),
        (_("Journal"), "admin.journal.index", "journal-text", auditor),
        (_("Checkpoints"), "admin.site_witnessing.site_index", "patch-check", auditor),
        (_("Who opened what"), "admin.journal.readings", "eye", auditor),
    )
    known = [endpoint for _label, endpoint, _icon, _allowed in entries]
    here = (
        request.endpoint if request.endpoint in known else next((e for e in known if _section(e) == _section(request.endpoint or "")), "")
    )
    links = [
        {"label": label, "url": url_for(endpoint), "icon": icon, "current": endpoint == here}
        for label, endpoint, icon, allowed in entries
        if allowed
    ]
    return [{"title": _("Administration"), "links": links}]


def _section(endpoint: str) -> str:
    return endpoint.rpartition(".")[0]
