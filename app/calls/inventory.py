"""What is held of editions, stages and calls (see ``core.inventory``)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.inventory import Basis, Erasure, Holding, Keep, Reader

_PUBLIC = (Reader.EVERYBODY,)
_STAFF = (Reader.ORGANIZERS, Reader.HOSTS, Reader.SUPERVISORS)
_AXIS = "code name name_en description position"

HOLDINGS = (
    Holding("series", _l("Contests that come back every year"), Keep.RECORD, _PUBLIC, public="name name_en",
            internal="id organization_id created_at"),
    Holding("editions", _l("One contest with its page, rules and officials to turn to"), Keep.RECORD, _PUBLIC, Basis.DUTY, Erasure.STAY,
            public="kind code title title_en summary summary_en body body_en zone state faq published_at",
            internal="id series_id host_id organizer_id preset rules cloned_from_id frozen_at frozen_by_id frozen_reason finished_at "
                     "access_ended_at created_at created_by_id version",
            personal="contacts"),
    Holding("approvals", _l("Steps that need a second person"), Keep.RECORD, _STAFF,
            internal="id edition_id subject subject_id digest reason payload asked_by_id asked_at decided_by_id decided_at approved "
                     "remark"),
    Holding("announcements", _l("News on the contest page"), Keep.RECORD, _PUBLIC,
            public="title title_en body body_en published_at", internal="id edition_id created_at"),
    Holding("edition_files", _l("Files offered on the contest page"), Keep.RECORD, _PUBLIC, public="title position",
            internal="id edition_id blob_id"),
    Holding("tracks", _l("Tracks, or topics with their sponsor"), Keep.RECORD, _PUBLIC, public=f"{_AXIS} sponsor",
            internal="id edition_id"),
    Holding("entry_groups", _l("Groups of entrants"), Keep.RECORD, _PUBLIC, public=_AXIS, internal="id edition_id"),
    Holding("regions", _l("Regions of a contest"), Keep.RECORD, _PUBLIC, public=_AXIS, internal="id edition_id"),
    Holding("calls", _l("What takes entries, with window, quota and eligibility"), Keep.RECORD, _PUBLIC,
            public="kind code name name_en track_id group_id region_id opens_at closes_at quota form_version_id rules position",
            internal="id edition_id version"),
    Holding("stages", _l("The steps of a contest"), Keep.RECORD, _PUBLIC,
            public="position kind name name_en opens_at closes_at state rules", internal="id edition_id rule_version_id sealed_at version"),
    Holding("stage_rule_versions", _l("The rules of a stage as they were in force"), Keep.RECORD, _PUBLIC,
            public="number rules digest reason frozen_at", internal="id stage_id frozen_by_id"),
    Holding("rule_dossiers", _l("The rules as a document"), Keep.RECORD, _PUBLIC,
            public="number text_zh text_en digest reason published_at", internal="id edition_id published_by_id"),
)  # fmt: skip
