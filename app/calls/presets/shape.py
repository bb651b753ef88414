"""What a preset holds. Days count from the day on which entries open; every part can be edited afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.calls.enums import EditionKind, StageKind
from app.calls.rules import CallRules, EditionRules, StageRules
from app.dynforms.schema import FormSchema, Text

NOTHING, NO_RULES, EDITION_RULES = Text(), StageRules(), EditionRules()


@dataclass(frozen=True)
class Axis:
    """A track, group or region."""

    code: str
    name: Text
    description: str = ""
    sponsor: str = ""


@dataclass(frozen=True)
class StagePlan:
    """A stage from ``first_day`` at ``from_hour`` to ``last_day`` at ``to_hour``, wall clock of the edition."""

    kind: StageKind
    name: Text
    first_day: int
    last_day: int
    rules: StageRules = NO_RULES
    from_hour: int = 9
    to_hour: int = 18


@dataclass(frozen=True)
class Preset:
    """One kind of contest. ``call_rules`` by group code, ``*`` for all others."""

    key: str
    name: Text
    lead: Text
    form: FormSchema
    stages: tuple[StagePlan, ...]
    window_days: int
    kind: EditionKind = EditionKind.CONTEST
    closing_hour: int = 17
    tracks: tuple[Axis, ...] = ()
    groups: tuple[Axis, ...] = ()
    regions: tuple[Axis, ...] = ()
    call_rules: dict[str, CallRules] = field(default_factory=dict)
    edition_rules: EditionRules = EDITION_RULES
    summary: Text = NOTHING
    body: Text = NOTHING
    faq: tuple[tuple[Text, Text], ...] = ()

    def rules_for(self, group: str | None) -> CallRules:
        return self.call_rules.get(group or "*") or self.call_rules.get("*") or CallRules()
