"""Reading editions, by page."""

from .checklist import Section, edition_checklist, edition_faults
from .editions import (
    approvals_of,
    axes_of,
    call_in,
    calls_in,
    dossiers_of,
    edition_by_code,
    hosts_for,
    latest_dossier,
    managed_editions,
    organizations_for,
    pending_approvals,
    stage_in,
    stages_in,
)
from .glance import Glance, glances
from .public import Listed, Page, areas, listed_editions, phase_facts

__all__ = [
    "Glance",
    "Listed",
    "Page",
    "Section",
    "approvals_of",
    "areas",
    "axes_of",
    "call_in",
    "calls_in",
    "dossiers_of",
    "edition_by_code",
    "edition_checklist",
    "edition_faults",
    "glances",
    "hosts_for",
    "latest_dossier",
    "listed_editions",
    "managed_editions",
    "organizations_for",
    "pending_approvals",
    "phase_facts",
    "stage_in",
    "stages_in",
]
