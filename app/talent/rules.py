"""The checks of a programme as data, and what the entry's own answers say about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from app.calls.rules import EligibilityRule
from app.calls.rules.eligibility import Outcome, evaluate
from app.dynforms.schema import Text

from .enums import CheckKind, CheckResult, Skip


class ProgramCheck(Struct, frozen=True):
    """One check. With a ``value`` the kinds of ``ASKED`` are judged from the entry's answers: ``value`` is the limit, ``on`` the
    cut-off date (ISO), ``unless`` what waives it (``degree:doctor,age:35``), ``other`` a second way to meet it."""

    kind: CheckKind
    value: str = ""
    on: str = ""
    unless: str = ""
    other: str = ""
    area: str = ""


#: Check → the condition of entry that judges it.
ASKED = {
    CheckKind.AGE: "age_max",
    CheckKind.DEGREE: "degree_min",
    CheckKind.EXPERIENCE: "experience_min",
    CheckKind.COMPANY: "company_registered_from",
    CheckKind.EQUITY: "equity_min",
    CheckKind.PAID_IN: "paid_in_min",
}
#: Checks that the system answers from its own records.
OWN = frozenset({CheckKind.NOT_SUPPORTED, CheckKind.CONTEST_VALID, CheckKind.LANDING})
#: What nobody may waive.
NEVER_WAIVED = frozenset({CheckKind.IDENTITY, CheckKind.CONTEST_VALID, CheckKind.NOT_SUPPORTED, CheckKind.LANDING})
#: What an entry's form calls otherwise than the questions of eligibility.
SAME = {"paid_in": "paid_in_wan", "company_registered": "company_registered_on", "company_area_code": "company_area"}
DEFAULT_CHECKS = (
    ProgramCheck(CheckKind.IDENTITY),
    ProgramCheck(CheckKind.AGE, "55"),
    ProgramCheck(CheckKind.DEGREE, "master"),
    ProgramCheck(CheckKind.EXPERIENCE, "3", unless="degree:doctor,age:35"),
    ProgramCheck(CheckKind.EQUITY, "20", other="largest"),
    ProgramCheck(CheckKind.PAID_IN, "100", other="200"),
    ProgramCheck(CheckKind.CREDIT),
    ProgramCheck(CheckKind.NOT_SUPPORTED),
    ProgramCheck(CheckKind.CONTEST_VALID),
    ProgramCheck(CheckKind.LANDING),
    ProgramCheck(CheckKind.INTEGRITY),
    ProgramCheck(CheckKind.DUE_DILIGENCE),
)


def checks_of(data: object) -> list[ProgramCheck]:
    """The stored checks as typed values. Raises msgspec.ValidationError for what is no list of checks."""
    return msgspec.convert(data, list[ProgramCheck])


def skips_of(data: object) -> list[Skip]:
    return msgspec.convert(data, list[Skip])


def facts_of(eligibility: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry says of its leader: the questionnaire, then the form, whose answers count where both are given."""
    facts = dict(eligibility.get("answers") or {})
    for key, value in answers.items():
        if value not in (None, ""):
            facts[SAME.get(key, key)] = value
    return facts


def condition_of(check: ProgramCheck) -> EligibilityRule | None:
    """The check as a condition of entry; None for what only an officer or the system's own records can answer."""
    kind = ASKED.get(check.kind)
    if kind is None or not check.value:
        return None
    return EligibilityRule(kind, Text(), value=check.value, on=check.on, area=check.area, unless=check.unless, other=check.other)


def judge(check: ProgramCheck, facts: Mapping[str, Any], on: date) -> tuple[CheckResult, str] | None:
    """Result and sentence from the answers; None where only an officer can say. An open question stays to be checked."""
    rule = condition_of(check)
    if rule is None:
        return None
    finding = evaluate([rule], facts, on)[0]
    result = {Outcome.PASS: CheckResult.PASS, Outcome.FAIL: CheckResult.FAIL}.get(finding.outcome, CheckResult.PENDING)
    return result, finding.reason


def all_met(results: Iterable[CheckResult]) -> bool:
    """Every check met or waived."""
    return all(result in (CheckResult.PASS, CheckResult.WAIVED) for result in results)


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later; the last of the month where that month is shorter."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise AssertionError("every month has a 28th day")
