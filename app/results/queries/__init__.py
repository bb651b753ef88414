"""Reading results: what a computation needs, runs with their standings, awards, the public list."""

from .awards import award_in, awards_of_edition, certificate_in, granted_awards, own_certificate, sheets, unsettled_notices
from .differences import differences
from .inputs import gather_inputs
from .public import public_result, public_results
from .runs import judge_ids, other_runs, overview, row_count, rules_of, run_in, run_rows, seats_of
from .team import own_awards, own_results

__all__ = [
    "award_in",
    "awards_of_edition",
    "certificate_in",
    "differences",
    "gather_inputs",
    "granted_awards",
    "judge_ids",
    "other_runs",
    "overview",
    "own_awards",
    "own_certificate",
    "own_results",
    "public_result",
    "public_results",
    "row_count",
    "rules_of",
    "run_in",
    "run_rows",
    "seats_of",
    "sheets",
    "unsettled_notices",
]
