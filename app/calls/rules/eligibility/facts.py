"""The facts that conditions rest on. Several conditions share a fact, so that nobody is asked twice."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.calls.rules import EligibilityRule
from app.core.money import exact

DECLARED = "declares_"
DEGREES = ("none", "bachelor", "master", "doctor")
_AREA = re.compile(r"[0-9]{2,6}")

#: Fact → (how it is asked, standard wording).
FACTS: dict[str, tuple[str, object]] = {
    "birth_date": ("date", _l("Date of birth of the project leader")),
    "degree": ("choice", _l("Highest degree of the project leader")),
    "experience_years": ("number", _l("Years of experience")),
    "company_registered_on": ("date", _l("Date of registration of the company")),
    "company_area": ("area", _l("Area code of the company's seat (empty if not registered)")),
    "equity_percent": ("number", _l("Share held by the project leader, in percent")),
    "is_largest_holder": ("yes_no", _l("Is the project leader the largest natural-person shareholder?")),
    "paid_in_wan": ("number", _l("Cash paid in by the project leader (10,000 yuan)")),
    "paid_in_via_holding": ("yes_no", _l("Was it paid in through a holding company?")),
    "team_size": ("integer", _l("Size of the team (with its leader)")),
    "leads_other_entry": ("yes_no", _l("Do you already lead another entry of this edition?")),
    "last_prize_year": ("year", _l("Year of the latest prize (leave empty if none)")),
    "revenue_wan": ("number", _l("Last year's revenue (10,000 yuan)")),
}
#: Numbers that make sense, where it is not just nothing or more; years end with the present one.
LIMITS: dict[str, tuple[int, int | None]] = {
    "experience_years": (0, 100), "equity_percent": (0, 100), "team_size": (1, 1000), "last_prize_year": (1900, None),
}  # fmt: skip
#: Condition → the fact it asks for first.
ASKS = {
    "age_max": "birth_date",
    "age_min": "birth_date",
    "degree_min": "degree",
    "experience_min": "experience_years",
    "company_age_max": "company_registered_on",
    "company_registered_from": "company_registered_on",
    "company_registered_until": "company_registered_on",
    "company_place": "company_area",
    "not_registered_in": "company_area",
    "equity_min": "equity_percent",
    "paid_in_min": "paid_in_wan",
    "team_min": "team_size",
    "team_max": "team_size",
    "one_entry_per_person": "leads_other_entry",
    "not_winner_within": "last_prize_year",
    "revenue_max": "revenue_wan",
}
_ALSO = {"equity_min": "is_largest_holder", "paid_in_min": "paid_in_via_holding"}
_WAIVER = {"degree": "degree", "age": "birth_date"}


@dataclass(frozen=True)
class Question:
    """One thing to ask: ``kind`` is date, number, integer, year, area, choice (of degrees) or yes_no."""

    key: str
    kind: str
    label: str


def declared_key(rule: EligibilityRule) -> str:
    """A key that stays the same when declarations are reordered."""
    return DECLARED + hashlib.sha256(rule.question.zh.encode()).hexdigest()[:8]


def fact_of(rule: EligibilityRule) -> str:
    return declared_key(rule) if rule.kind == "declaration" else ASKS[rule.kind]


def questions(rules: Iterable[EligibilityRule]) -> list[Question]:
    """What has to be asked to judge all the conditions, each fact once, in the order of the conditions."""
    asked: dict[str, Question] = {}
    locale = str(get_locale() or "zh")
    for rule in rules:
        if rule.kind == "declaration":
            key = declared_key(rule)
            asked.setdefault(key, Question(key, "yes_no", _asked(rule.question.say(locale))))
        elif rule.kind in ASKS:
            key = ASKS[rule.kind]
            asked.setdefault(key, Question(key, FACTS[key][0], rule.question.say(locale) or str(FACTS[key][1])))
    for rule in rules:
        for key in _further(rule):
            asked.setdefault(key, Question(key, FACTS[key][0], str(FACTS[key][1])))
    return list(asked.values())


def _asked(declaration: str) -> str:
    """A declaration as a question that yes and no answer; what is written as a question stays as it is."""
    return declaration if declaration.endswith(("?", "？")) else _("Do you declare: %(text)s?", text=declaration.rstrip("。."))


def _further(rule: EligibilityRule) -> list[str]:
    """Facts of the second way to pass and of the waivers."""
    second = [_ALSO[rule.kind]] if rule.other and rule.kind in _ALSO else []
    return [*second, *(_WAIVER[kind] for kind in (part.partition(":")[0] for part in rule.unless.split(",")) if kind in _WAIVER)]


def reading(answers: Mapping[str, Any], key: str) -> Any:
    """The answer as date, Decimal, bool or text; None when it is missing or cannot be read."""
    value = answers.get(key)
    kind = "yes_no" if key.startswith(DECLARED) else FACTS[key][0]
    if value is None or isinstance(value, float):
        return None
    if kind == "yes_no":
        return value if isinstance(value, bool) else {"yes": True, "no": False, "true": True, "false": False}.get(str(value).lower())
    if kind == "date":
        return _date(value)
    text = str(value).strip()
    if kind in ("number", "integer", "year"):
        return _number(text)
    if kind == "choice":
        return text if text in DEGREES else None
    return text if not text or _AREA.fullmatch(text) else None


def _date(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _number(text: str) -> Decimal | None:
    try:
        return exact(text)
    except ValueError:
        return None
