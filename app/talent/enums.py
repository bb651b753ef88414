"""States of selection records and results of checks."""

from __future__ import annotations

from enum import StrEnum


class RecordState(StrEnum):
    PROPOSED = "proposed"
    CHECKED = "checked"
    IN_NOTICE = "in_notice"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    REVOKED = "revoked"


class RecordAction(StrEnum):
    FINISH_CHECKS = "finish_checks"
    REOPEN_CHECKS = "reopen_checks"
    PUT_ON_NOTICE = "put_on_notice"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    REVOKE = "revoke"


class CheckResult(StrEnum):
    PENDING = "pending"
    PASS = "pass"
    FAIL = "fail"
    MORE = "more"
    WAIVED = "waived"
