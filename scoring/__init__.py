"""Exact, explained scoring of contests: marks to totals, scores, ranks, selections, draws, assignments and their checks.

Pure functions over frozen values: no input or output, no clock, no global random state, no framework.
"""

from scoring.additive import Additive, fit_additive
from scoring.agreement import Anova, Estimate, KendallW, anova, icc, kendall_w
from scoring.alpha import krippendorff_alpha
from scoring.ballots import BallotResult, borda, copeland, kemeny, majority_judgement, schulze
from scoring.calibration import Calibrated, calibrate, top_counts
from scoring.collusion import Exchange, Signal, collusion_signals, reciprocal_favours
from scoring.combining import as_part, combine
from scoring.crowd import CrowdBT
from scoring.demand import Assignment, Demand, Duals
from scoring.designs import random_design
from scoring.draws import commit, draw_key, draw_order, draw_sample, draw_split, input_digest, joint_seed, matches, role_commitment
from scoring.errors import Infeasible, Insufficient, InvalidMark, InvalidRule, NotConverged, NotIdentifiable, ScoringError
from scoring.flags import Flag, spread_flags
from scoring.graph import Graph, graph
from scoring.gstudy import DRow, GStudy, g_study
from scoring.judges import JudgeReport, dropped_shares, judge_report, order_drift
from scoring.lottery import pair_probabilities
from scoring.marks import Marks, Status, parse_mark
from scoring.methods import Borda, Categories, MajorityJudgement, Mean, Median, Ordinals, RankPoints, Total, Trimmed, Winsorised
from scoring.mfrm import Mfrm, fit_mfrm
from scoring.mixed import Mixed, blup, fit_mixed
from scoring.optimal import optimal, reassign
from scoring.pairwise import BT, bradley_terry
from scoring.panels import Panels, make_panels
from scoring.parts import Part, vote_points
from scoring.quality import AssignmentQuality, assignment_quality
from scoring.quotas import Percent, PerGroup, Spread, Threshold, Top, largest_remainder, percent_count
from scoring.ranking import Decision, Ranking, rank, rank_values
from scoring.rescaling import panel_coefficients
from scoring.results import Results, ResultStatus, aggregate
from scoring.rounding import Round, Scale, format_fraction, format_units, parse_units, round_ratio
from scoring.rubric import Criterion, Section, TieKey
from scoring.rule import DEFAULT_CHAIN, Rule
from scoring.selection import Advance, advance
from scoring.sentences import sentence
from scoring.totals import Totals, judge_totals
from scoring.trace import Explanation, JudgeLine, Step
from scoring.uncertainty import RankUncertainty, p_top_normal, rank_uncertainty

__all__ = [
    "BT",
    "DEFAULT_CHAIN",
    "Additive",
    "Advance",
    "Anova",
    "Assignment",
    "AssignmentQuality",
    "BallotResult",
    "Borda",
    "Calibrated",
    "Categories",
    "Criterion",
    "CrowdBT",
    "DRow",
    "Decision",
    "Demand",
    "Duals",
    "Estimate",
    "Exchange",
    "Explanation",
    "Flag",
    "GStudy",
    "Graph",
    "Infeasible",
    "Insufficient",
    "InvalidMark",
    "InvalidRule",
    "JudgeLine",
    "JudgeReport",
    "KendallW",
    "MajorityJudgement",
    "Marks",
    "Mean",
    "Median",
    "Mfrm",
    "Mixed",
    "NotConverged",
    "NotIdentifiable",
    "Ordinals",
    "Panels",
    "Part",
    "PerGroup",
    "Percent",
    "RankPoints",
    "RankUncertainty",
    "Ranking",
    "ResultStatus",
    "Results",
    "Round",
    "Rule",
    "Scale",
    "ScoringError",
    "Section",
    "Signal",
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
    "anova",
    "as_part",
    "assignment_quality",
    "blup",
    "borda",
    "bradley_terry",
    "calibrate",
    "collusion_signals",
    "combine",
    "commit",
    "copeland",
    "draw_key",
    "draw_order",
    "draw_sample",
    "draw_split",
    "dropped_shares",
    "fit_additive",
    "fit_mfrm",
    "fit_mixed",
    "format_fraction",
    "format_units",
    "g_study",
    "graph",
    "icc",
    "input_digest",
    "joint_seed",
    "judge_report",
    "judge_totals",
    "kemeny",
    "kendall_w",
    "krippendorff_alpha",
    "largest_remainder",
    "majority_judgement",
    "make_panels",
    "matches",
    "optimal",
    "order_drift",
    "p_top_normal",
    "pair_probabilities",
    "panel_coefficients",
    "parse_mark",
    "parse_units",
    "percent_count",
    "random_design",
    "rank",
    "rank_uncertainty",
    "rank_values",
    "reassign",
    "reciprocal_favours",
    "role_commitment",
    "round_ratio",
    "schulze",
    "sentence",
    "spread_flags",
    "top_counts",
    "vote_points",
]
