"""What is held of talent programmes (see ``core.inventory``)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.inventory import Basis, Erasure, Holding, Keep, Reader

_OFFICE = (Reader.TALENT, Reader.HOSTS)

HOLDINGS = (
    Holding("programs", _l("Talent programmes and what they check"), Keep.SITE, (Reader.EVERYBODY,),
            public="code name name_en basis notice_days", internal="id organization_id checks created_at closed_at"),
    Holding("tiers", _l("The tiers of a programme with their support"), Keep.SITE, (Reader.EVERYBODY,),
            public="code name name_en support_wan position", internal="id program_id"),
    Holding("fast_tracks", _l("Which award leads into which tier"), Keep.RECORD, (Reader.EVERYBODY,),
            public="award_key tier_id skips valid_months landing_months basis", internal="id edition_id ended_at"),
    Holding("selection_records", _l("The selection of a person for a programme; a public office's personnel record"), Keep.RECORD,
            (*_OFFICE, Reader.ONESELF), Basis.DUTY, Erasure.STAY,
            internal="id number tier_id user_id award_id entry_id fast_track_id state skips valid_until land_until notice_id proposed_at "
                     "proposed_by_id confirmed_at confirmed_by_id version",
            personal="person_name unit closed_reason"),
    Holding("selection_checks", _l("What was checked before a selection"), Keep.RECORD, _OFFICE, Basis.DUTY, Erasure.STAY,
            internal="id record_id kind is_automatic result officer_id decided_at position", personal="reason"),
)  # fmt: skip
