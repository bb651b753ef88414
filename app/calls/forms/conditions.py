"""One condition of entry as it is edited: only the inputs that its kind needs, each named by what it means there."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Length, NumberRange, Optional

from app.calls.rules import EligibilityRule
from app.calls.rules.eligibility import KINDS, eligibility_faults
from app.calls.sentences.words import CONDITIONS, DEGREES
from app.core.forms import WholeField, offered
from app.dynforms.schema import Text

from .rows import SHORT, Row, both

_AGE, _YEARS, _WAN, _PERSONS = _l("years of age"), _l("years"), _l("10,000 yuan"), _l("persons")
#: Unit of the value; a kind without one has no value.
UNITS = {
    "age_max": _AGE, "age_min": _AGE, "experience_min": _YEARS, "company_age_max": _YEARS, "not_winner_within": _YEARS,
    "equity_min": "%", "paid_in_min": _WAN, "revenue_max": _WAN, "team_min": _PERSONS, "team_max": _PERSONS,
    "company_registered_from": "", "company_registered_until": "",
}  # fmt: skip
DATES = frozenset({"company_registered_from", "company_registered_until"})
_WAIVERS = ("waive_degree", "waive_age")
#: Inputs beside the value.
_PARTS = {
    "age_max": ("on", *_WAIVERS[:1]), "age_min": ("on",), "degree_min": ("degree", *_WAIVERS[1:]), "experience_min": _WAIVERS,
    "company_age_max": ("on",), "company_place": ("area", "label", "label_en"), "not_registered_in": ("area", "label", "label_en"),
    "equity_min": ("largest",), "paid_in_min": ("other",), "not_winner_within": ("label", "label_en"),
    "declaration": ("question", "question_en"),
}  # fmt: skip
_ORDER = ("degree", "on", "area", "largest", "other", *_WAIVERS, "label", "label_en", "question", "question_en")
NO_DEGREE = ("", "—")


class ConditionRow(Row):
    kind = SelectField(_l("Condition"), [Optional()], choices=offered([("", "—"), *((kind, CONDITIONS[kind]) for kind in KINDS)]))
    value = StringField(_l("Value"), [Length(max=20)])
    degree = SelectField(_l("Degree"), [Optional()], choices=offered([NO_DEGREE, *DEGREES.items()]))
    on = StringField(_l("Counted on the day"), [Length(max=10)], description=_l("Empty: the closing day."))
    area = StringField(_l("Area code"), [Length(max=6)], description=_l("2, 4 or 6 digits of the administrative division code."))
    largest = BooleanField(_l("Being the largest natural-person shareholder is enough"))
    other = StringField(_l("If paid through a holding company"), [Length(max=20)])
    waive_degree = SelectField(_l("Waived from this degree on"), [Optional()], choices=offered([NO_DEGREE, *list(DEGREES.items())[1:]]))
    waive_age = WholeField(_l("Waived up to this age"), [Optional(), NumberRange(16, 120)])
    question = StringField(_l("Question"), [Length(max=300)])
    question_en = StringField(_l("Question in English"), [Length(max=400)])
    label = StringField(_l("Place or prize meant"), [SHORT])
    label_en = StringField(_l("The same in English"), [SHORT])

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """What does not fit the kind is said beside the input that is wrong."""
        if not super().validate(*args, **kwargs):
            return False
        faults = [] if self.remove.data or not self.kind.data else eligibility_faults([condition(self.data)])
        for fault in faults:
            wrong = self[fault.where.rpartition("-")[2]]
            wrong.errors = [*wrong.errors, fault.message]
        return not faults

    @property
    def parts(self) -> tuple[str, ...]:
        """The inputs to show beside kind and value: those of the kind, and those that hold something all the same."""
        own = _PARTS.get(self.kind.data or "", ())
        return tuple(name for name in _ORDER if name in own or (name in _WAIVERS and self[name].data))

    @property
    def has_value(self) -> bool:
        return self.kind.data in UNITS

    @property
    def unit(self) -> str:
        return str(UNITS.get(self.kind.data or "", ""))

    @property
    def is_dated(self) -> bool:
        return self.kind.data in DATES


def condition_line(rule: EligibilityRule) -> dict[str, Any]:
    """The inputs that show a stored condition."""
    waivers = dict(part.split(":", 1) for part in rule.unless.split(",") if ":" in part)
    return {
        "kind": rule.kind, "value": rule.value, "degree": rule.value if rule.kind == "degree_min" else "", "on": rule.on, "area": rule.area,
        "largest": rule.other == "largest", "other": rule.other if rule.other != "largest" else "",
        "waive_degree": waivers.get("degree", ""), "waive_age": int(waivers["age"]) if "age" in waivers else None,
        "question": rule.question.zh, "question_en": rule.question.en, "label": rule.label.zh, "label_en": rule.label.en,
    }  # fmt: skip


def condition(row: dict[str, Any]) -> EligibilityRule:
    """What the inputs say; those that the kind has no use for are left out."""
    kind = row["kind"]
    parts = _PARTS.get(kind, ())
    unless = [f"degree:{row['waive_degree']}" if row["waive_degree"] else "", f"age:{row['waive_age']}" if row["waive_age"] else ""]
    other = {"equity_min": "largest" if row["largest"] else "", "paid_in_min": row["other"] or ""}.get(kind, "")
    value = row["degree"] if kind == "degree_min" else row["value"] if kind in UNITS else ""
    return EligibilityRule(
        kind=kind, question=both(row, "question"), value=value or "", on=row["on"] or "" if "on" in parts else "",
        area=row["area"] or "" if "area" in parts else "", unless=",".join(filter(None, unless)), other=other,
        label=both(row, "label") if "label" in parts else Text(),
    )  # fmt: skip
