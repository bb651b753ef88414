"""What must hold of stored files (see ``core.invariants``)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.invariants import Invariant

INVARIANTS = (
    Invariant(
        "files.an_object_is_stored_once",
        _l("A stored object has one row."),
        "SELECT key FROM blobs GROUP BY key HAVING count(*) > 1",
    ),
    Invariant(
        "files.a_digest_is_a_digest",
        _l("Every stored object has a size and a whole digest."),
        "SELECT id FROM blobs WHERE size < 0 OR length(sha256) <> 64",
    ),
)
