"""Conditions of entry as sentences."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from app.calls.rules import EligibilityRule
from app.core.display import money_of_wan

from .words import degree, say

Phrase = Callable[[EligibilityRule], str]


def _equity(rule: EligibilityRule) -> str:
    if rule.other == "largest":
        return _(
            "The project leader holds at least %(value)s%% of the company, or is its largest natural-person shareholder.", value=rule.value
        )
    return _("The project leader holds at least %(value)s%% of the company.", value=rule.value)


def _paid_in(rule: EligibilityRule) -> str:
    if rule.other:
        return _("The project leader has paid in at least %(value)s in cash, or %(other)s through a holding company.",
                 value=money_of_wan(rule.value), other=money_of_wan(rule.other))  # fmt: skip
    return _("The project leader has paid in at least %(value)s in cash.", value=money_of_wan(rule.value))


def _winner(rule: EligibilityRule) -> str:
    what = say(rule.label) or _("a prize of this contest")
    if rule.value.isdigit() and int(rule.value) >= 90:
        return _("Has never won: %(what)s.", what=what)
    return _("Has not won within %(value)s years: %(what)s.", value=rule.value, what=what)


def _place(rule: EligibilityRule) -> str:
    return _("The company's seat is in %(place)s (area code %(area)s).", place=say(rule.label) or rule.area, area=rule.area)


def _not_in(rule: EligibilityRule) -> str:
    return _("The company is not registered in %(place)s (area code %(area)s).", place=say(rule.label) or rule.area, area=rule.area)


PHRASES: dict[str, Phrase] = {
    "age_max": lambda r: _("The project leader is at most %(value)s years old on %(on)s.", value=r.value, on=r.on or _("the closing day")),
    "age_min": lambda r: _("The project leader is at least %(value)s years old on %(on)s.", value=r.value, on=r.on or _("the closing day")),
    "degree_min": lambda r: _("The project leader has at least a %(degree)s.", degree=degree(r.value)),
    "experience_min": lambda r: _("At least %(value)s years of experience in research, management or own business.", value=r.value),
    "company_age_max": lambda r: _("The company is at most %(value)s years old on %(on)s.", value=r.value, on=r.on or _("the closing day")),
    "company_registered_from": lambda r: _("The company was registered on or after %(value)s.", value=r.value),
    "company_registered_until": lambda r: _("The company was registered on or before %(value)s.", value=r.value),
    "company_place": _place,
    "not_registered_in": _not_in,
    "equity_min": _equity,
    "paid_in_min": _paid_in,
    "team_min": lambda r: _("Members of the team, its leader included: at least %(value)s.", value=r.value),
    "team_max": lambda r: _("Members of the team, its leader included: at most %(value)s.", value=r.value),
    "one_entry_per_person": lambda r: _("A person leads only one entry of this edition."),
    "not_winner_within": _winner,
    "revenue_max": lambda r: _("Last year's revenue is at most %(value)s.", value=money_of_wan(r.value)),
    "declaration": lambda r: _("Declares: %(text)s.", text=say(r.question).rstrip("。.")),
}  # fmt: skip


def condition_sentence(rule: EligibilityRule) -> str:
    """The condition alone."""
    phrase = PHRASES.get(rule.kind)
    return phrase(rule) if phrase else say(rule.question)


def eligibility_sentence(rule: EligibilityRule) -> str:
    """The condition with what waives it."""
    waivers = [waiver_words(part) for part in rule.unless.split(",") if part]
    if not waivers:
        return condition_sentence(rule)
    return _("%(condition)s Waived for: %(waivers)s.", condition=condition_sentence(rule), waivers=_(" or ").join(waivers))


def waiver_words(part: str) -> str:
    kind, _sep, value = part.partition(":")
    if kind == "degree":
        return _("holders of a %(degree)s", degree=degree(value))
    if kind == "age":
        return _("persons of at most %(years)s years", years=value)
    return part
