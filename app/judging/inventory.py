"""What is held of judging (see ``core.inventory``)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.inventory import Basis, Erasure, Holding, Keep, Reader

_OFFICE = (Reader.ORGANIZERS, Reader.SUPERVISORS)
_MARKS = (Reader.ONESELF, Reader.ORGANIZERS)

HOLDINGS = (
    Holding("panels", _l("Groups of judges"), Keep.RECORD, _OFFICE, internal="id stage_id name name_en judges_per_entry brief created_at"),
    Holding("panel_calls", _l("Which panel judges which division"), Keep.RECORD, _OFFICE, internal="panel_id call_id"),
    Holding("seats", _l("A judge's place in a panel, invitation and signed statement"), Keep.RECORD, (*_OFFICE, Reader.ONESELF),
            Basis.CONTRACT, Erasure.BLANK,
            internal="id panel_id user_id category is_chair load_limit state invited_at answered_at statement_at statement_digest "
                     "last_active_at reminded_at",
            personal="name email unit decline_reason"),
    Holding("seat_tracks", _l("Tracks in which a judge is at home"), Keep.RECORD, _OFFICE, internal="seat_id track_id"),
    Holding("conflicts", _l("Which judge must not score which entry, and why"), Keep.RECORD, _OFFICE, Basis.DUTY, Erasure.BLANK,
            internal="id seat_id entry_id source found_at", personal="reason"),
    Holding("assignment_plans", _l("How the assignment of entries to judges came about"), Keep.RECORD, _OFFICE,
            internal="id panel_id seed parameters pairs report digest made_at made_by_id applied_at"),
    Holding("assignments", _l("Which judge scores which entry"), Keep.RECORD, _OFFICE, Basis.DUTY, Erasure.BLANK,
            internal="id panel_id seat_id entry_id stage_id plan_id judge_id state position assigned_at opened_at recused_at",
            personal="recuse_reason"),
    Holding("score_sheets", _l("A judge's marks and comments on an entry, signed"), Keep.RECORD, _MARKS, Basis.DUTY, Erasure.STAY,
            internal="id assignment_id stage_id rule_version_id state revision total saved_at signed_at digest receipt_code signature",
            personal="comment private_note receipt"),
    Holding("marks", _l("The marks of a signed sheet"), Keep.RECORD, _MARKS, Basis.DUTY, Erasure.STAY,
            internal="sheet_id criterion value", personal="comment"),
    Holding("sheet_saves", _l("Every acknowledged save of a sheet"), Keep.RECORD, _MARKS, Basis.DUTY, Erasure.STAY,
            internal="id sheet_id revision key digest saved_at saved_by_id", personal="content"),
    Holding("reopenings", _l("Opening a signed sheet again or striking it, by two persons"), Keep.RECORD, _OFFICE, Basis.DUTY, Erasure.STAY,
            internal="id sheet_id strikes asked_by_id asked_at decided_by_id decided_at agreed", personal="reason remark signed_content"),
)  # fmt: skip
