"""Rules of an edition and of a call: eligibility, teams, what an award leads to."""

from __future__ import annotations

from msgspec import Struct

from app.dynforms.schema import Text


class EligibilityRule(Struct, frozen=True):
    """One condition. ``kind``: age_max, age_min, degree_min, experience_min, company_age_max, company_registered_from,
    company_registered_until, company_place, not_registered_in, equity_min, paid_in_min, team_min, team_max, one_entry_per_person,
    not_winner_within, revenue_max, declaration. ``question`` is asked before the form; parameters are strings, numbers exact.
    ``other`` is the second way to pass (equity_min: ``largest`` holder; paid_in_min: the amount when paid through a holding company).
    ``unless`` waives the rule: ``degree:doctor`` or ``age:35``, several joined by commas, any of them."""

    kind: str
    question: Text
    value: str = ""
    on: str = ""
    area: str = ""
    unless: str = ""
    other: str = ""
    label: Text = Text()


class CallRules(Struct, frozen=True):
    """What a call demands of an entry besides its form."""

    eligibility: list[EligibilityRule] = []
    team_min: int = 1
    team_max: int = 20
    grace_minutes: int = 0
    organization_required: bool = False
    requires_member_confirmation: bool = True


class EditionRules(Struct, frozen=True):
    """Rules for the whole edition. ``fast_track`` names the award levels that lead to a talent programme."""

    one_entry_per_person: bool = True
    scores_published: bool = False
    notice_days: int = 5
    objection_contact: str = ""
    discipline_contact: str = ""
    address: str = ""
    basis: str = ""
