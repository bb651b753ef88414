"""Short ways to write rules and marks in the tests of scoring."""

from collections.abc import Sequence

import numpy as np

from scoring import Criterion, Marks, Results, Rule, aggregate, judge_totals

HUNDRED = (Criterion("mark", 100, 0, 10000, 1),)
FIVE = tuple(Criterion(f"c{i}", weight, 0, 10000, 50) for i, weight in enumerate((30, 25, 20, 15, 10)))


def single_rule(**fields: object) -> Rule:
    """One criterion of 0 to 100 points with two decimals."""
    return Rule(HUNDRED, **fields)  # type: ignore[arg-type]


def score_table(table: Sequence[Sequence[object]], rule: Rule, **more: object) -> Results:
    """Rows are entries, columns are judges, one mark each (None: not assigned)."""
    rows = [(f"E{i}", f"J{j}", "mark", mark) for i, row in enumerate(table) for j, mark in enumerate(row) if mark is not None]
    names = [f"E{i}" for i in range(len(table))]
    marks = Marks.from_rows(rows, rule, entries=names, judges=[f"J{j}" for j in range(len(table[0]))])  # type: ignore[arg-type]
    return aggregate(judge_totals(marks, rule), rule, **more)  # type: ignore[arg-type]


def printed_scores(*scores: str, **fields: object) -> Results:
    """Entries with exactly these scores, from one judge."""
    return score_table([[s] for s in scores], single_rule(min_judges=1, ties=(), **fields))


def digits(text: str) -> np.ndarray:
    """Rows of digits as a float table, '.' as NaN."""
    return np.array([[np.nan if c == "." else float(c) for c in row] for row in text.split()])
