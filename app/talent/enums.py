"""States of selection records and results of checks."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class RecordState(StrEnum):
    PROPOSED = "proposed"
    CHECKED = "checked"
    IN_NOTICE = "in_notice"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    REVOKED = "revoked"

    @property
    def label(self) -> object:
        return _STATE_LABELS[self]


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

    @property
    def label(self) -> object:
        return _RESULT_LABELS[self]


class CheckKind(StrEnum):
    """What is examined of a candidate before the notice."""

    IDENTITY = "identity"
    AGE = "age"
    DEGREE = "degree"
    EXPERIENCE = "experience"
    ARRIVAL = "arrival"
    COMPANY = "company"
    EQUITY = "equity"
    PAID_IN = "paid_in"
    INSURED = "insured"
    PROPERTY = "property"
    CREDIT = "credit"
    NOT_SUPPORTED = "not_supported"
    CONTEST_VALID = "contest_valid"
    LANDING = "landing"
    INTEGRITY = "integrity"
    DUE_DILIGENCE = "due_diligence"

    @property
    def label(self) -> object:
        return _KIND_LABELS[self]


class Skip(StrEnum):
    """What a fast track may skip. Eligibility, due diligence, notice and landing are never among it."""

    FIRST_REVIEW = "first_review"
    DEFENCE = "defence"
    QUOTA = "quota"

    @property
    def label(self) -> object:
        return _SKIP_LABELS[self]


_STATE_LABELS = {
    RecordState.PROPOSED: _l("In check"),
    RecordState.CHECKED: _l("Checks passed"),
    RecordState.IN_NOTICE: _l("In public notice"),
    RecordState.CONFIRMED: _l("Confirmed"),
    RecordState.REFUSED: _l("Not selected"),
    RecordState.REVOKED: _l("Revoked"),
}
_RESULT_LABELS = {
    CheckResult.PENDING: _l("Awaiting check"),
    CheckResult.PASS: _l("Met"),
    CheckResult.FAIL: _l("Not met"),
    CheckResult.MORE: _l("Material missing"),
    CheckResult.WAIVED: _l("Waived"),
}
_KIND_LABELS = {
    CheckKind.IDENTITY: _l("Identity"),
    CheckKind.AGE: _l("Age on the cut-off date"),
    CheckKind.DEGREE: _l("Degree (foreign ones with certificate)"),
    CheckKind.EXPERIENCE: _l("Years of experience"),
    CheckKind.ARRIVAL: _l("Time of arrival and place"),
    CheckKind.COMPANY: _l("Company: time and place of registration"),
    CheckKind.EQUITY: _l("Share held in the company"),
    CheckKind.PAID_IN: _l("Cash paid in"),
    CheckKind.INSURED: _l("Staff with social insurance"),
    CheckKind.PROPERTY: _l("Intellectual property"),
    CheckKind.CREDIT: _l("Credit record of person and company"),
    CheckKind.NOT_SUPPORTED: _l("Not yet supported on the same or a higher level"),
    CheckKind.CONTEST_VALID: _l("Contest result valid and not revoked"),
    CheckKind.LANDING: _l("Landing within the time allowed"),
    CheckKind.INTEGRITY: _l("Opinion on conduct and integrity"),
    CheckKind.DUE_DILIGENCE: _l("Result of the due diligence"),
}
_SKIP_LABELS = {
    Skip.FIRST_REVIEW: _l("no first review"),
    Skip.DEFENCE: _l("no defence"),
    Skip.QUOTA: _l("outside the quota"),
}
