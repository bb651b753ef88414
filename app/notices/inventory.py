"""What is held of public notices (see ``core.inventory``)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.inventory import Basis, Erasure, Holding, Keep, Reader

HOLDINGS = (
    Holding("notices", _l("Making results public for the prescribed time, with names masked as the rules demand"), Keep.RECORD,
            (Reader.EVERYBODY,), Basis.DUTY, Erasure.STAY,
            public="number kind state title title_en body body_en columns contact discipline_contact address working_days starts_on "
                   "ends_on digest published_at withdrawn_at withdrawn_reason",
            internal="id organization_id edition_id subject_id created_at created_by_id published_by_id version", personal="rows"),
)  # fmt: skip
