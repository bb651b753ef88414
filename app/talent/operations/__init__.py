"""The verbs of talent programmes, by noun."""

from .checks import decide_check, finish_checks, reopen_checks, run_checks, waive_check
from .notices import draft_selection_notice, publish_selection_notice
from .programs import close_program, create_program, remove_fast_track, save_fast_track, save_program, save_tier
from .records import confirm_record, propose_records, refuse_record, revoke_record

__all__ = [
    "close_program",
    "confirm_record",
    "create_program",
    "decide_check",
    "draft_selection_notice",
    "finish_checks",
    "propose_records",
    "publish_selection_notice",
    "refuse_record",
    "remove_fast_track",
    "reopen_checks",
    "revoke_record",
    "run_checks",
    "save_fast_track",
    "save_program",
    "save_tier",
    "waive_check",
]
