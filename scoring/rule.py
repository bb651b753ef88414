"""The published rule of a stage as one frozen value: criteria, aggregation, rounding, ties. It checks itself."""

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

from scoring.errors import InvalidRule
from scoring.methods import Aggregate, Borda, MajorityJudgement, Mean, Ordinals, RankPoints, Trimmed
from scoring.rounding import Round
from scoring.rubric import Criterion, Section, TieKey

Policy = Literal["block", "reduce", "substitute"]
RankStyle = Literal["1224", "1334", "1223", "dense", "1234", "ordinal", "mean"]
MAX_CRITERIA = 200


DEFAULT_AGGREGATE = Trimmed(1, 1, min_n=5, below="mean")
DEFAULT_ROUND = Round(2, "half_up")
DEFAULT_CHAIN = (TieKey("mean_all"), TieKey("criteria_by_weight"), TieKey("fewer_low"))


@dataclass(frozen=True)
class Rule:
    """Everything that decides a result, in the order in which it is applied.

    `scheme` weights: judge total = sum(weight x mark) / weight_sum (scaled to `full_mark` where that is given);
    points: sum(weight x mark) / weight_unit, and the criteria must add up to `full_mark`.
    Deductions `before`: from each judge's total; `after`: mean of the judges' deductions, and the scorer's, from the result.
    `missing` / `recused`: what an absent / recused judge means; never applied silently (see `Results.status`, `explain`).
    """

    criteria: tuple[Criterion, ...]
    mark_decimals: int = 2
    weight_sum: int = 100
    judge_total_round: Round | None = None
    aggregate: Aggregate = DEFAULT_AGGREGATE
    trim_on: Literal["total", "criterion"] = "total"
    result_round: Round = DEFAULT_ROUND
    compare: Literal["printed", "exact"] = "printed"
    min_judges: int = 3
    ties: tuple[TieKey, ...] = DEFAULT_CHAIN
    rank_style: str = "1224"
    deductions: Literal["before", "after"] = "after"
    scheme: Literal["weights", "points"] = "weights"
    full_mark: int | None = None
    weight_unit: int = 1
    sections: tuple[Section, ...] = ()
    missing: Policy = "reduce"
    recused: Policy = "reduce"
    gate_fails: Literal["any", "majority", "all"] = "majority"
    criterion_round: Round | None = None
    component_round: Round | None = None

    def __post_init__(self) -> None:
        _check_kinds(self)
        object.__setattr__(self, "criteria", tuple(self.criteria))
        object.__setattr__(self, "ties", tuple(TieKey.parse(k) if isinstance(k, str) else k for k in self.ties))
        _check_fields(self)
        _check_criteria(self)
        _check_weights(self)
        _check_sections(self)
        _check_ties(self)

    def digest(self) -> str:
        """SHA-256 of the rule as canonical JSON (hex); stored with every result."""
        text = json.dumps(canonical(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def criterion(self, name: str) -> Criterion:
        return self.criteria[self.position(name)]

    def position(self, name: str) -> int:
        for place, criterion in enumerate(self.criteria):
            if criterion.id == name:
                return place
        raise InvalidRule("unknown criterion", {"criterion": name})

    @property
    def marked(self) -> tuple[int, ...]:
        """Positions of the criteria that make the total."""
        return tuple(i for i, c in enumerate(self.criteria) if c.kind == "mark")


def canonical(value: Any) -> Any:
    """Dataclasses as tagged dictionaries, tuples as lists: what `digest` hashes.

    A field that came later is left out while it has the value `undigested`, so that older rules keep their digests.
    """
    if hasattr(value, "__dataclass_fields__"):
        held = {f.name: (getattr(value, f.name), f.metadata.get("undigested", fields)) for f in fields(value)}
        return {"type": type(value).__name__, **{name: canonical(own) for name, (own, silent) in held.items() if own is not silent}}
    return [canonical(v) for v in value] if isinstance(value, (tuple, list)) else value


def _check_kinds(rule: Rule) -> None:
    for name, kinds in (("criteria", Criterion), ("ties", (TieKey, str)), ("sections", Section)):
        values: object = getattr(rule, name)
        if not isinstance(values, (tuple, list)) or not all(isinstance(value, kinds) for value in values):
            raise InvalidRule(f"{name} is a tuple of its own kind", {"field": name})


def _check_fields(rule: Rule) -> None:
    choices = {
        "trim_on": ("total", "criterion"),
        "compare": ("printed", "exact"),
        "rank_style": get_args(RankStyle),
        "deductions": ("before", "after"),
        "scheme": ("weights", "points"),
        "missing": get_args(Policy),
        "recused": get_args(Policy),
        "gate_fails": ("any", "majority", "all"),
    }
    for name, allowed in choices.items():
        if getattr(rule, name) not in allowed:
            raise InvalidRule(f"{name} must be one of {', '.join(allowed)}", {"field": name})
    for name, lowest, highest in (
        ("mark_decimals", 0, 4),
        ("weight_sum", 1, 10**7),
        ("min_judges", 1, 10**4),
        ("weight_unit", 1, 10**6),
    ):
        number = getattr(rule, name)
        if type(number) is not int or not lowest <= number <= highest:
            raise InvalidRule(f"{name} must be a whole number from {lowest} to {highest}", {"field": name})
    for name in ("result_round", "judge_total_round", "criterion_round", "component_round"):
        value: object = getattr(rule, name)
        if not isinstance(value, Round) and (value is not None or name == "result_round"):
            raise InvalidRule(f"{name} must be a Round", {"field": name})
    if not isinstance(rule.aggregate, Aggregate):
        raise InvalidRule("aggregate is not a known method", {"field": "aggregate"})
    if isinstance(rule.aggregate, (Borda, RankPoints, Ordinals)) and "substitute" in (rule.missing, rule.recused):
        raise InvalidRule("a judge's ranking cannot be substituted by a mean of marks", {"field": "missing"})
    if rule.trim_on == "criterion" and not isinstance(rule.aggregate, (Mean, Trimmed)):
        raise InvalidRule("only mean and trimmed mean can be taken criterion by criterion", {"field": "trim_on"})
    if rule.full_mark is not None and (type(rule.full_mark) is not int or rule.full_mark <= 0):
        raise InvalidRule("full_mark must be a positive whole number of minor units", {"field": "full_mark"})


def _check_criteria(rule: Rule) -> None:
    if not rule.marked:
        raise InvalidRule("a rubric needs at least one criterion that is marked", {"field": "criteria"})
    if len(rule.criteria) > MAX_CRITERIA:
        raise InvalidRule("too many criteria", {"field": "criteria"})
    seen: set[str] = set()
    for criterion in rule.criteria:
        if criterion.id in seen:
            raise InvalidRule("the same criterion twice", {"criterion": criterion.id})
        seen.add(criterion.id)


def _check_weights(rule: Rule) -> None:
    marked = [rule.criteria[i] for i in rule.marked]
    if rule.scheme == "weights":
        total = sum(c.weight for c in marked)
        if total != rule.weight_sum:
            raise InvalidRule(f"the weights add up to {total}, not to {rule.weight_sum}", {"field": "weight_sum"})
        if rule.full_mark is not None and any(c.lo != 0 for c in marked):
            raise InvalidRule("scaling to a full mark needs marks that begin at 0", {"field": "full_mark"})
        return
    if rule.full_mark is None:
        raise InvalidRule("a points rubric must declare its full mark", {"field": "full_mark"})
    total = sum(c.weight * c.hi for c in marked)
    if total != rule.full_mark * rule.weight_unit:
        raise InvalidRule(
            f"the points add up to {total}, not to {rule.full_mark * rule.weight_unit} minor units",
            {"field": "full_mark"},
        )


def _check_sections(rule: Rule) -> None:
    if not rule.sections:
        return
    wanted = {s.id: s.weight for s in rule.sections}
    if len(wanted) != len(rule.sections):
        raise InvalidRule("the same section twice", {"field": "sections"})
    found = dict.fromkeys(wanted, 0)
    for criterion in (rule.criteria[i] for i in rule.marked):
        if criterion.section not in wanted:
            raise InvalidRule("a criterion outside every section", {"criterion": criterion.id})
        found[criterion.section] += criterion.weight if rule.scheme == "weights" else criterion.weight * criterion.hi
    for name, weight in wanted.items():
        if found[name] != weight:
            raise InvalidRule(f"its criteria add up to {found[name]}, not to {weight}", {"section": name})


def _check_ties(rule: Rule) -> None:
    for key in rule.ties:
        if key.kind == "criterion":
            rule.position(key.name)
        if key.kind == "section" and key.name not in {s.id for s in rule.sections}:
            raise InvalidRule("unknown section in the tie chain", {"section": key.name})
    for method, kind in ((MajorityJudgement, "majority"), (Ordinals, "ordinals")):
        if isinstance(rule.aggregate, method) and not any(k.kind == kind for k in rule.ties):
            object.__setattr__(rule, "ties", (TieKey(kind), *rule.ties))


def rule_data(rule: Rule) -> dict[str, Any]:
    """The rule as plain data, for storing and printing."""
    return asdict(rule)
