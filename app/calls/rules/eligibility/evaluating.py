"""From answers to findings: each condition passes, fails or stays open, with a reason that a person understands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.calls.rules import EligibilityRule
from app.core.display import money_of_wan

from .facts import DEGREES, fact_of, reading

Answers = Mapping[str, Any]


class Outcome(StrEnum):
    PASS = "pass"
    FAIL = "fail"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True)
class Finding:
    """What came of one condition. ``is_waived``: not met, but waived for this person."""

    rule: EligibilityRule
    outcome: Outcome
    reason: str
    is_waived: bool = False


def evaluate(rules: Iterable[EligibilityRule], answers: Answers, on: date) -> list[Finding]:
    """One finding a condition. ``on`` is the day that counts where a condition names none (the closing day)."""
    return [_finding(rule, answers, on) for rule in rules]


def eligible(findings: Iterable[Finding]) -> bool | None:
    """False when any condition fails, None while one stays open, else True."""
    outcomes = {finding.outcome for finding in findings}
    if Outcome.FAIL in outcomes:
        return False
    return None if Outcome.UNDETERMINED in outcomes else True


def years_between(start: date, end: date) -> int:
    """Completed years; somebody born on 29 February completes one on 1 March of a common year."""
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


def _finding(rule: EligibilityRule, answers: Answers, on: date) -> Finding:
    test = TESTS.get(rule.kind)
    if test is None:
        return Finding(rule, Outcome.UNDETERMINED, _("This condition is checked by the office."))
    fact = reading(answers, fact_of(rule))
    if rule.kind == "not_winner_within" and answers.get("last_prize_year") == "":
        return Finding(rule, Outcome.PASS, _("No prize so far."))
    if fact is None:
        return Finding(rule, Outcome.UNDETERMINED, _("Not answered yet."))
    passed, reason = test(rule, fact, answers, _day(rule, on))
    if passed:
        return Finding(rule, Outcome.PASS, reason)
    waiver = _waived(rule, answers, _day(rule, on))
    if waiver:
        return Finding(rule, Outcome.PASS, waiver, is_waived=True)
    if waiver is None:
        return Finding(rule, Outcome.UNDETERMINED, reason + " " + _("Whether it is waived is not answered yet."))
    return Finding(rule, Outcome.FAIL, reason)


def _day(rule: EligibilityRule, on: date) -> date:
    try:
        return date.fromisoformat(rule.on) if rule.on else on
    except ValueError:
        return on


def _waived(rule: EligibilityRule, answers: Answers, on: date) -> str | None:
    """Why the condition is waived; empty if it is not; None if that cannot be said yet."""
    is_open = False
    for part in filter(None, rule.unless.split(",")):
        kind, _sep, value = part.partition(":")
        fact = reading(answers, "degree" if kind == "degree" else "birth_date")
        if fact is None:
            is_open = True
        elif kind == "degree" and DEGREES.index(fact) >= DEGREES.index(value):
            return _("Waived because of the degree.")
        elif kind == "age" and years_between(fact, on) <= int(value):
            return _("Waived: at most %(years)s years old.", years=value)
    return None if is_open else ""


def _limit(text: str) -> Decimal:
    return Decimal(text)


def _age(rule: EligibilityRule, born: date, answers: Answers, on: date) -> tuple[bool, str]:
    age = years_between(born, on)
    limit = int(rule.value)
    reason = _("%(age)s years old on %(on)s; the limit is %(limit)s.", age=age, on=on.isoformat(), limit=limit)
    return (age <= limit if rule.kind == "age_max" else age >= limit), reason


def _degree(rule: EligibilityRule, degree: str, answers: Answers, on: date) -> tuple[bool, str]:
    is_enough = DEGREES.index(degree) >= DEGREES.index(rule.value)
    return is_enough, _("The degree suffices.") if is_enough else _("A higher degree is required.")


def _company_age(rule: EligibilityRule, registered: date, answers: Answers, on: date) -> tuple[bool, str]:
    age = years_between(registered, on)
    return age <= int(rule.value), _(
        "The company is %(age)s years old on %(on)s; at most %(limit)s are allowed.", age=age, on=on.isoformat(), limit=rule.value
    )


def _registered(rule: EligibilityRule, registered: date, answers: Answers, on: date) -> tuple[bool, str]:
    limit = date.fromisoformat(rule.value)
    if rule.kind == "company_registered_from":
        return registered >= limit, _(
            "Registered on %(day)s; required is %(limit)s or later.", day=registered.isoformat(), limit=rule.value
        )
    return registered <= limit, _("Registered on %(day)s; required is %(limit)s or earlier.", day=registered.isoformat(), limit=rule.value)


def _place(rule: EligibilityRule, area: str, answers: Answers, on: date) -> tuple[bool, str]:
    """Area codes contain each other: 320500 is the city, 320506 a district of it."""
    stem = rule.area.rstrip("0") or rule.area
    stem += "0" * (len(stem) % 2)
    is_inside = bool(area) and area.startswith(stem)
    if rule.kind == "company_place":
        return is_inside, _("The seat lies in the area.") if is_inside else _("The seat lies outside the area.")
    return not is_inside, _("Not registered there.") if not is_inside else _("The company is already registered there.")


def _equity(rule: EligibilityRule, percent: Decimal, answers: Answers, on: date) -> tuple[bool, str]:
    if percent >= _limit(rule.value):
        return True, _("A share of %(percent)s%% suffices.", percent=percent)
    if rule.other == "largest" and reading(answers, "is_largest_holder"):
        return True, _("The largest natural-person shareholder.")
    return False, _("A share of %(percent)s%% is below %(limit)s%%.", percent=percent, limit=rule.value)


def _paid_in(rule: EligibilityRule, amount: Decimal, answers: Answers, on: date) -> tuple[bool, str]:
    via_holding = bool(rule.other) and bool(reading(answers, "paid_in_via_holding"))
    limit = rule.other if via_holding else rule.value
    figures = {"amount": money_of_wan(amount), "limit": money_of_wan(limit)}
    if via_holding:
        return amount >= _limit(limit), _("%(amount)s through a holding company; required are %(limit)s.", **figures)
    return amount >= _limit(limit), _("%(amount)s paid in directly; required are %(limit)s.", **figures)


def _counted(rule: EligibilityRule, number: Decimal) -> str:
    """A figure with what it counts: money, years or persons."""
    if rule.kind == "revenue_max":
        return money_of_wan(number)
    plural = 1 if number == 1 else 2
    if rule.kind == "experience_min":
        return ngettext("%(figure)s year", "%(figure)s years", plural, figure=f"{number:f}")
    return ngettext("%(figure)s person", "%(figure)s persons", plural, figure=f"{number:f}")


def _least(rule: EligibilityRule, value: Decimal, answers: Answers, on: date) -> tuple[bool, str]:
    limit = _limit(rule.value)
    return value >= limit, _("%(value)s given; at least %(limit)s required.", value=_counted(rule, value), limit=_counted(rule, limit))


def _most(rule: EligibilityRule, value: Decimal, answers: Answers, on: date) -> tuple[bool, str]:
    limit = _limit(rule.value)
    return value <= limit, _("%(value)s given; at most %(limit)s allowed.", value=_counted(rule, value), limit=_counted(rule, limit))


def _only_entry(rule: EligibilityRule, leads_other: bool, answers: Answers, on: date) -> tuple[bool, str]:
    return not leads_other, _("The only entry.") if not leads_other else _("Another entry of this edition is already led by this person.")


def _winner(rule: EligibilityRule, year: Decimal, answers: Answers, on: date) -> tuple[bool, str]:
    return on.year - int(year) >= int(rule.value), _("Latest prize in %(year)s.", year=int(year))


def _declared(rule: EligibilityRule, agreed: bool, answers: Answers, on: date) -> tuple[bool, str]:
    return agreed, _("Declared.") if agreed else _("This has to be declared.")


TESTS: dict[str, Callable[[EligibilityRule, Any, Answers, date], tuple[bool, str]]] = {
    "age_max": _age,
    "age_min": _age,
    "degree_min": _degree,
    "experience_min": _least,
    "company_age_max": _company_age,
    "company_registered_from": _registered,
    "company_registered_until": _registered,
    "company_place": _place,
    "not_registered_in": _place,
    "equity_min": _equity,
    "paid_in_min": _paid_in,
    "team_min": _least,
    "team_max": _most,
    "one_entry_per_person": _only_entry,
    "not_winner_within": _winner,
    "revenue_max": _most,
    "declaration": _declared,
}
