"""Words that rules use: degrees, categories of judges, the reader's side of a two-language text."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from app.calls.models import Call
from app.core.markup import pick
from app.dynforms.schema import Text

DEGREES = {
    "none": _l("no degree"),
    "bachelor": _l("bachelor's degree"),
    "master": _l("master's degree"),
    "doctor": _l("doctorate"),
}
CATEGORIES = {
    "technical": _l("technical experts"),
    "investor": _l("investors"),
    "entrepreneur": _l("entrepreneurs"),
    "government": _l("government officers"),
    "academic": _l("academics"),
    "owner": _l("experts of the topic's sponsor"),
    "audience": _l("audience judges"),
}
#: Kinds of conditions of entry.
CONDITIONS = {
    "age_max": _l("Age at most"),
    "age_min": _l("Age at least"),
    "degree_min": _l("Degree at least"),
    "experience_min": _l("Years of experience at least"),
    "company_age_max": _l("Age of the company at most"),
    "company_registered_from": _l("Company registered on or after"),
    "company_registered_until": _l("Company registered on or before"),
    "company_place": _l("Seat of the company in the area"),
    "not_registered_in": _l("Company not registered in the area"),
    "equity_min": _l("Share of the leader at least (%(sign)s)", sign="%"),
    "paid_in_min": _l("Cash paid in at least (10,000 yuan)"),
    "team_min": _l("Team at least"),
    "team_max": _l("Team at most"),
    "one_entry_per_person": _l("One entry a person"),
    "not_winner_within": _l("No prize within years"),
    "revenue_max": _l("Last year's revenue at most (10,000 yuan)"),
    "declaration": _l("Declaration"),
}


def say(text: Text) -> str:
    """The text in the reader's language."""
    return text.say(str(get_locale() or "zh"))


def degree(key: str) -> str:
    return str(DEGREES.get(key, key))


def category(key: str) -> str:
    return str(CATEGORIES.get(key, key))


def group_name(calls: Iterable[Call], code: str) -> str:
    """The name of the group with this code among the calls."""
    return next((pick(call.group.name, call.group.name_en) for call in calls if call.group and call.group.code == code), code)
