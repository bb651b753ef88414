"""What cannot be stored as a condition: an unknown kind, a value that is no number, date, degree or area code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _

from app.calls.rules import EligibilityRule
from app.calls.rules.checks import Fault, number

from .evaluating import TESTS
from .facts import DEGREES

KINDS = tuple(TESTS)
_WHOLE = {"age_max", "age_min", "company_age_max", "team_min", "team_max", "not_winner_within"}
_NUMBER = {"experience_min", "equity_min", "paid_in_min", "revenue_max"}
_DATE = {"company_registered_from", "company_registered_until"}
_PLACE = {"company_place", "not_registered_in"}
_AREA = re.compile(r"[0-9]{2}|[0-9]{4}|[0-9]{6}")


def eligibility_faults(rules: Iterable[EligibilityRule]) -> list[Fault]:
    """Everything wrong with the conditions, each naming the part that is wrong; nothing of it can be saved."""
    return [Fault(f"eligibility-{n}-{part}", message) for n, rule in enumerate(rules) for part, message in _faults(rule)]


def _faults(rule: EligibilityRule) -> list[tuple[str, str]]:
    if rule.kind not in TESTS:
        return [("kind", _("There is no such kind of condition."))]
    found = []
    if not _fits(rule):
        found.append((_main(rule), _misfit(rule)))
    if rule.on and not _is_date(rule.on):
        found.append(("on", _("The date that counts must be written as 2026-01-31.")))
    if rule.other and not (rule.other == "largest" if rule.kind == "equity_min" else number(rule.other) is not None):
        found.append(("other", _("The second amount must be a plain number.")))
    if not all(_is_waiver(part) for part in rule.unless.split(",") if part):
        found.append(("unless", _("A waiver is a degree or an age.")))
    return found


def _main(rule: EligibilityRule) -> str:
    """The part that carries the limit."""
    if rule.kind in _PLACE:
        return "area"
    return {"degree_min": "degree", "declaration": "question"}.get(rule.kind, "value")


def _misfit(rule: EligibilityRule) -> str:
    given = rule.value or rule.area
    if rule.kind == "declaration":
        return _("Write what has to be declared.")
    if rule.kind in _PLACE:
        return _("An area code has 2, 4 or 6 digits.")
    return _("The value “%(value)s” does not fit this condition.", value=given) if given else _("This condition needs a value.")


def _fits(rule: EligibilityRule) -> bool:
    if rule.kind in _WHOLE:
        return rule.value.isascii() and rule.value.isdigit() and len(rule.value) <= 4
    if rule.kind in _NUMBER:
        value = number(rule.value)
        return value is not None and value >= 0
    if rule.kind in _DATE:
        return _is_date(rule.value)
    if rule.kind in _PLACE:
        return bool(_AREA.fullmatch(rule.area))
    if rule.kind == "degree_min":
        return rule.value in DEGREES
    return rule.kind != "declaration" or bool(rule.question.zh or rule.question.en)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_waiver(part: str) -> bool:
    kind, _sep, value = part.partition(":")
    return value in DEGREES if kind == "degree" else kind == "age" and value.isascii() and value.isdigit() and len(value) <= 3
