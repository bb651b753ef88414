"""What is held of forms (see ``core.inventory``)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.inventory import Holding, Keep, Reader

HOLDINGS = (
    Holding("form_definitions", _l("The forms of an edition"), Keep.RECORD, (Reader.ORGANIZERS,),
            internal="id organization_id edition_id name created_at version"),
    Holding("form_versions", _l("What a form asked at the time when an entry was filled in"), Keep.RECORD, (Reader.EVERYBODY,),
            public="number schema digest published_at", internal="id definition_id reason changed_at published_by_id"),
)  # fmt: skip
