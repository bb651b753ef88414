"""What must hold of forms (see ``core.invariants``)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.invariants import Invariant, gaps

INVARIANTS = (
    Invariant(
        "dynforms.versions_are_numbered", _l("The versions of a form are numbered without gap."), gaps("form_versions", "definition_id")
    ),
    Invariant(
        "dynforms.published_has_a_digest",
        _l("A published version of a form has its digest, a draft has none."),
        "SELECT id FROM form_versions WHERE (published_at IS NULL) <> (digest IS NULL)",
    ),
)
