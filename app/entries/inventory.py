"""What is held of entries (see ``core.inventory``)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.inventory import Basis, Erasure, Holding, Keep, Reader

_FULL = (Reader.TEAM, Reader.ORGANIZERS, Reader.JUDGES)
_OFFICE = (Reader.TEAM, Reader.ORGANIZERS, Reader.SUPERVISORS)

HOLDINGS = (
    Holding("entries", _l("What a team hands in; the form says what is asked and who sees each answer"), Keep.RECORD, _FULL, Basis.CONTRACT,
            Erasure.BLANK, public="public_code score_shown",
            internal="id call_id edition_id code state leader_id organization_id unit_uscc area_code form_version_id revision "
                     "current_version_id submitted_at due_at open_fields is_only_one created_at changed_at",
            personal="title sort_key unit_name eligibility", sensitive="answers"),
    Holding("entry_versions", _l("The entry as it was handed in, and the signed receipt for it"), Keep.RECORD, _FULL, Basis.CONTRACT,
            Erasure.BLANK, internal="id entry_id number form_version_id digest received_at submitted_by_id receipt_code signature key_id",
            personal="receipt", sensitive="content"),
    Holding("entry_files", _l("Which file answers which question"), Keep.RECORD, _FULL,
            internal="id entry_id field_key blob_id position added_by_id added_at replaced_at replaced_by_id"),
    Holding("edition_rooms", _l("How much room the files of an edition take"), Keep.RECORD, (Reader.PROGRAM,),
            internal="edition_id taken"),
    Holding("entry_moves", _l("The way of an entry through its states, with reasons"), Keep.RECORD, _OFFICE, Basis.DUTY, Erasure.BLANK,
            internal="id entry_id action source target actor_id moved_at", personal="reason"),
    Holding("entry_members", _l("The team, and who of it may do what"), Keep.RECORD, _FULL, Basis.CONTRACT, Erasure.BLANK,
            internal="id entry_id user_id role right state rank invited_at answered_at", personal="name email unit position"),
    Holding("partner_organizations", _l("Organizations that take part beside the leading one"), Keep.RECORD, _FULL,
            internal="id entry_id name uscc part position"),
    Holding("formal_checks", _l("Decisions of the formal check"), Keep.RECORD, _OFFICE, Basis.DUTY, Erasure.BLANK,
            internal="id entry_id version_id decision checklist open_fields due_at officer_id decided_at", personal="reason"),
    Holding("exclusions", _l("Taking an entry out or back in, by two persons"), Keep.RECORD, _OFFICE, Basis.DUTY, Erasure.BLANK,
            internal="id entry_id action asked_by_id asked_at decided_by_id decided_at agreed", personal="reason"),
    Holding("saved_views", _l("A person's own filters and columns"), Keep.ACCOUNT, (Reader.ONESELF,), Basis.CONTRACT, Erasure.DELETE,
            internal="id user_id edition_id", personal="name parameters"),
    Holding("stage_entries", _l("Which entry takes part in which stage"), Keep.RECORD, _OFFICE, Basis.DUTY, Erasure.BLANK,
            internal="id stage_id entry_id source_run_id draw_order joined_at left_at", personal="left_reason"),
    Holding("blind_copies", _l("What blind judges see: without names"), Keep.RECORD, (Reader.JUDGES, Reader.ORGANIZERS), Basis.CONTRACT,
            Erasure.BLANK, internal="id entry_id version_id findings undecided made_at", personal="title content"),
    Holding("blind_files", _l("The cleaned files of that copy"), Keep.RECORD, (Reader.JUDGES, Reader.ORGANIZERS),
            internal="copy_id number blob_id sent_blob_id"),
)  # fmt: skip
