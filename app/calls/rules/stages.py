"""How a stage is judged and what follows from it."""

from __future__ import annotations

from msgspec import Struct

from app.dynforms.schema import Text

from .rubric import Rubric


class CategoryWeight(Struct, frozen=True):
    """A category of judges and its weight in percent."""

    category: str
    weight: int


class Aggregation(Struct, frozen=True):
    """From judges' totals to the entry's score. ``method``: mean, trimmed, trimmed_alike, median, categories."""

    method: str = "trimmed"
    drop_high: int = 1
    drop_low: int = 1
    trim_from: int = 5
    min_judges: int = 3
    decimals: int = 2
    rounding: str = "half_up"
    compare: str = "printed"
    round_judge_total: bool = False
    category_weights: list[CategoryWeight] = []
    missing: str = "block"


class TieStep(Struct, frozen=True):
    """One key of the tie chain: untrimmed_mean, median, criterion, highest_mark, lowest_mark, second_highest, head_to_head,
    earlier_stage, sum_all, fewer_deductions, chair, draw, share. ``criterion`` names which."""

    kind: str
    criterion: str = ""


class Advancement(Struct, frozen=True):
    """Who goes on. ``method``: none, top, share, threshold. Quotas by group or region replace ``number`` where given."""

    method: str = "top"
    number: int = 0
    share: str = ""
    share_rounding: str = "ceil"
    pass_mark: str | None = None
    at_line: str = "include_all"
    per: str = "call"
    quotas: dict[str, int] = {}
    replacement: bool = False


class AwardLevel(Struct, frozen=True):
    """A prize level filled in rank order; it may stay vacant when ``min_score`` is not reached."""

    key: str
    name: Text
    number: int
    prize_wan: str = "0"
    min_score: str | None = None


class Disclosure(Struct, frozen=True):
    """What is shown, to whom, when."""

    blind: bool = False
    judges_see_others: str = "never"
    organizer_sees_scores: str = "sealed"
    public_scores: bool = False
    public_ranks: bool = True
    team_scores: bool = True
    team_comments: bool = True


class StageRules(Struct, frozen=True):
    """Everything by which a stage computes. ``rubrics`` by group code, ``*`` for all others."""

    rubrics: dict[str, Rubric] = {}
    aggregation: Aggregation = Aggregation()
    ties: list[TieStep] = []
    advancement: Advancement = Advancement()
    awards: list[AwardLevel] = []
    disclosure: Disclosure = Disclosure()
    judges_per_entry: int = 0
    carry_over: str = "none"
    carry_weight: int = 0
    spread_alarm: str = "15"
    checklist: list[Text] = []
    notice_days: int = 5
    minutes_pitch: int = 0
    minutes_answers: int = 0

    def rubric_for(self, group: str | None) -> Rubric:
        """The rubric of a group, or the common one."""
        return self.rubrics.get(group or "*") or self.rubrics.get("*") or Rubric()
