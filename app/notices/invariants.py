"""What must hold of public notices (see ``core.invariants``)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.invariants import Invariant

INVARIANTS = (
    Invariant("notices.period_is_in_order", _l("A notice ends after it begins."), "SELECT id FROM notices WHERE ends_on < starts_on"),
    Invariant(
        "notices.published_has_a_number",
        _l("A published notice has its number, its time and its digest."),
        "SELECT id FROM notices WHERE state <> 'draft' AND (number IS NULL OR published_at IS NULL OR digest = '')",
    ),
    Invariant(
        "notices.withdrawn_has_a_reason",
        _l("A withdrawn notice tells when and why."),
        "SELECT id FROM notices WHERE state = 'withdrawn' AND (withdrawn_at IS NULL OR withdrawn_reason = '')",
    ),
)
