"""States of selection records and results of checks."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from app.core.enums import Labelled


class RecordState(Labelled):
    PROPOSED = "proposed", _l("In check")
    CHECKED = "checked", _l("Checks passed")
    IN_NOTICE = "in_notice", _l("In public notice")
    CONFIRMED = "confirmed", _l("Confirmed")
    REFUSED = "refused", _l("Not selected")
    REVOKED = "revoked", _l("Revoked")


class RecordAction(StrEnum):
    FINISH_CHECKS = "finish_checks"
    REOPEN_CHECKS = "reopen_checks"
    PUT_ON_NOTICE = "put_on_notice"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    REVOKE = "revoke"


class CheckResult(Labelled):
    PENDING = "pending", _l("Awaiting check")
    PASS = "pass", _l("Met")
    FAIL = "fail", _l("Not met")
    MORE = "more", _l("Material missing")
    WAIVED = "waived", _l("Waived")


class CheckKind(Labelled):
    """What is examined of a candidate before the notice."""

    IDENTITY = "identity", _l("Identity")
    AGE = "age", _l("Age on the cut-off date")
    DEGREE = "degree", _l("Degree (foreign ones with certificate)")
    EXPERIENCE = "experience", _l("Years of experience")
    ARRIVAL = "arrival", _l("Time of arrival and place")
    COMPANY = "company", _l("Company: time and place of registration")
    EQUITY = "equity", _l("Share held in the company")
    PAID_IN = "paid_in", _l("Cash paid in")
    INSURED = "insured", _l("Staff with social insurance")
    PROPERTY = "property", _l("Intellectual property")
    CREDIT = "credit", _l("Credit record of person and company")
    NOT_SUPPORTED = "not_supported", _l("Not yet supported on the same or a higher level")
    CONTEST_VALID = "contest_valid", _l("Contest result valid and not revoked")
    LANDING = "landing", _l("Landing within the time allowed")
    INTEGRITY = "integrity", _l("Opinion on conduct and integrity")
    DUE_DILIGENCE = "due_diligence", _l("Result of the due diligence")


class Skip(Labelled):
    """What a fast track may skip. Eligibility, due diligence, notice and landing are never among it."""

    FIRST_REVIEW = "first_review", _l("no first review")
    DEFENCE = "defence", _l("no defence")
    QUOTA = "quota", _l("outside the quota")
