"""What is held of results (see ``core.inventory``). Computations know entries and seats by number only."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.inventory import Basis, Erasure, Holding, Keep, Reader

_OFFICE = (Reader.ORGANIZERS, Reader.HOSTS, Reader.SUPERVISORS)

HOLDINGS = (
    Holding("result_runs", _l("A computed result with everything it was computed from"), Keep.RECORD, _OFFICE,
            internal="id stage_id call_id edition_id number rule_version_id state inputs output summary digest engine reason computed_at "
                     "computed_by_id proposed_at proposed_by_id released_at released_by_id notice_id supersedes_id"),
    Holding("result_orders", _l("Large results asked for, and how far their computation is"), Keep.RECORD, _OFFICE,
            internal="id stage_id call_id edition_id requester_id requester_role reason state step attempts failure ordered_at started_at "
                     "run_id"),
    Holding("standings", _l("The place of each entry"), Keep.RECORD, (*_OFFICE, Reader.TEAM),
            internal="id run_id entry_id position rank score status advances award_key detail"),
    Holding("run_analyses", _l("How far a result can be trusted: agreement, severity of judges, confidence of ranks"), Keep.RECORD, _OFFICE,
            internal="run_id format content made_at"),
    Holding("awards", _l("Awards granted"), Keep.RECORD, (Reader.EVERYBODY,), public="level_key level_name level_name_en rank prize_wan",
            internal="id run_id edition_id entry_id state granted_at revoked_at revoked_reason"),
    Holding("certificates", _l("Certificates issued, and for whom"), Keep.RECORD, (Reader.EVERYBODY,), Basis.DUTY, Erasure.STAY,
            public="number locale title state issued_at revoked_at revoked_reason",
            internal="id award_id code_id blob_id issued_by_id replaces_id", personal="holder"),
)  # fmt: skip
