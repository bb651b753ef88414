"""What must hold of verification codes (see ``core.invariants``)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.invariants import Invariant

INVARIANTS = (
    Invariant(
        "documents.one_code_a_thing",
        _l("What can be verified has one code."),
        "SELECT kind, subject_id FROM verification_codes GROUP BY kind, subject_id HAVING count(*) > 1",
    ),
    Invariant(
        "documents.revoked_has_a_reason",
        _l("A revoked code tells why."),
        "SELECT id FROM verification_codes WHERE revoked_at IS NOT NULL AND revoked_reason = ''",
    ),
)
