"""What is held of stored files (see ``core.inventory``)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.inventory import Basis, Erasure, Holding, Keep, Reader

HOLDINGS = (
    Holding("blobs", _l("Stored files with digest and sender; read under the rules of what they are attached to"), Keep.RECORD,
            (Reader.TEAM, Reader.JUDGES, Reader.ORGANIZERS), Basis.CONTRACT, Erasure.BLANK,
            internal="id key sha256 size content_type pages scan uploaded_by_id stored_at", personal="name"),
)  # fmt: skip
