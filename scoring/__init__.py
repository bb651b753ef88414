"""Exact, explained scoring of contests: marks to totals, scores, ranks, selections, draws, assignments and their checks.

Pure functions over frozen values: no input or output, no clock, no global random state, no framework.
"""

from scoring.combining import as_part, combine
from scoring.demand import Assignment, Demand, Duals
from scoring.designs import random_design
from scoring.draws import commit, draw_key, draw_order, draw_sample, draw_split, matches
from scoring.errors import (
    Infeasible,
    Insufficient,
    InvalidMark,
    InvalidRule,
    NotConverged,
    NotIdentifiable,
    ScoringError,
)
from scoring.graph import Graph, graph
from scoring.marks import Marks, Status, parse_mark
from scoring.methods import Borda, Categories, MajorityJudgement, Mean, Median, RankPoints, Total, Trimmed, Winsorised
from scoring.parts import Part, vote_points
from scoring.quotas import Percent, PerGroup, Spread, Threshold, Top, largest_remainder, percent_count
from scoring.ranking import Decision, Ranking, rank, rank_values
from scoring.results import Results, ResultStatus, aggregate
from scoring.rounding import Round, Scale, format_fraction, format_units, parse_units, round_ratio
from scoring.rule import DEFAULT_CHAIN, Criterion, Rule, Section, TieKey
from scoring.selection import Advance, advance
from scoring.sentences import sentence
from scoring.totals import Totals, judge_totals
from scoring.trace import Explanation, JudgeLine, Step

__all__ = [
    "DEFAULT_CHAIN",
    "Advance",
    "Assignment",
    "Borda",
    "Categories",
    "Criterion",
    "Decision",
    "Demand",
    "Duals",
    "Explanation",
    "Graph",
    "Infeasible",
    "Insufficient",
    "InvalidMark",
    "InvalidRule",
    "JudgeLine",
    "MajorityJudgement",
    "Marks",
    "Mean",
    "Median",
    "NotConverged",
    "NotIdentifiable",
    "Part",
    "PerGroup",
    "Percent",
    "RankPoints",
    "Ranking",
    "ResultStatus",
    "Results",
    "Round",
    "Rule",
    "Scale",
    "ScoringError",
    "Section",
    "Spread",
    "Status",
    "Step",
    "Threshold",
    "TieKey",
    "Top",
    "Total",
    "Totals",
    "Trimmed",
    "Winsorised",
    "advance",
    "aggregate",
    "as_part",
    "combine",
    "commit",
    "draw_key",
    "draw_order",
    "draw_sample",
    "draw_split",
    "format_fraction",
    "format_units",
    "graph",
    "judge_totals",
    "largest_remainder",
    "matches",
    "parse_mark",
    "parse_units",
    "percent_count",
    "random_design",
    "rank",
    "rank_values",
    "round_ratio",
    "sentence",
    "vote_points",
]
