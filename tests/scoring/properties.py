"""The invariants of scoring as properties; `test_properties.py` runs them briefly, `test_properties_slow.py` 10,000 times each."""

import random
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

import numpy as np
from hypothesis import strategies as st

from scoring import (
    Criterion,
    Demand,
    Marks,
    Mean,
    Median,
    Percent,
    Results,
    Round,
    Rule,
    Top,
    Trimmed,
    advance,
    aggregate,
    draw_order,
    fit_additive,
    format_units,
    icc,
    judge_totals,
    kendall_w,
    krippendorff_alpha,
    optimal,
    parse_units,
    random_design,
    rank,
    rank_values,
)  # fmt: skip
from tests.scoring import slow_reference as slow

PROPERTIES: dict[str, tuple[Callable[..., None], dict[str, Any]]] = {}
SEEDS = st.integers(0, 2**40)
MODES = ("half_up", "half_even", "down", "up")


def prop(**strategies: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a property with its strategies."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        PROPERTIES[function.__name__] = (function, strategies)
        return function

    return register


def random_contest(seed: int) -> tuple[Rule, dict[tuple[int, int], list[int]], int, int]:
    """A rule and the sheets (entry, judge) -> marks in minor units; some pairs are missing."""
    rng = random.Random(seed)
    decimals = rng.choice((0, 1, 2))
    step = rng.choice((1, 5)) if decimals else 1
    full = 100 * 10**decimals
    cuts = sorted(rng.sample(range(1, 100), rng.randint(0, 4)))
    weights = [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
    k = rng.choice((0, 1, 2))
    method: Any = rng.choice((Mean(), Median(), Trimmed(k, k, min_n=rng.choice((3, 5)))))
    total_round = Round(rng.choice((0, 1, 2, 3)), rng.choice(MODES)) if rng.random() < 0.4 else None
    rule = Rule(
        tuple(Criterion(f"c{i}", w, 0, full, step) for i, w in enumerate(weights)),
        mark_decimals=decimals, judge_total_round=total_round, aggregate=method, min_judges=rng.choice((1, 3)),
        result_round=Round(rng.choice((0, 1, 2, 3)), rng.choice(MODES)), compare=rng.choice(("printed", "exact")),
    )  # fmt: skip
    n, j = rng.randint(1, 8), rng.randint(1, 9)
    narrow = rng.random() < 0.5
    sheets = {}
    for e in range(n):
        for judge in range(j):
            if rng.random() < 0.85:
                low = 60 * 10**decimals if narrow else 0
                high = low + 3 * step if narrow else full
                sheets[e, judge] = [low + step * rng.randint(0, (high - low) // step) for _ in weights]
    return rule, sheets, n, j


def as_marks(rule: Rule, sheets: dict[tuple[int, int], list[int]], n: int, j: int, order: random.Random | None = None) -> Marks:
    rows = [
        (f"E{e}", f"J{k}", f"c{c}", format_units(mark, rule.mark_decimals))
        for (e, k), marks in sheets.items()
        for c, mark in enumerate(marks)
    ]
    if order:
        order.shuffle(rows)
    return Marks.from_rows(rows, rule, entries=[f"E{e}" for e in range(n)], judges=[f"J{k}" for k in range(j)])


def score(rule: Rule, sheets: dict[tuple[int, int], list[int]], n: int, j: int) -> Results:
    return aggregate(judge_totals(as_marks(rule, sheets, n, j), rule), rule)


def single(table: list[list[int]], method: Any, **fields: Any) -> Results:
    """Marks of one criterion (minor units of two decimals), every judge on every entry."""
    rule = Rule((Criterion("m", 100, 0, 10000, 1),), aggregate=method, min_judges=1, **fields)
    return aggregate(judge_totals(Marks.from_dense(np.array(table)[:, :, None], rule), rule), rule)


def random_table(seed: int, least_judges: int = 3) -> list[list[int]]:
    rng = random.Random(seed)
    n, j = rng.randint(2, 7), rng.randint(least_judges, 9)
    width = rng.choice((3, 200, 9000))
    return [[500 + rng.randint(0, width) for _ in range(j)] for _ in range(n)]


@prop(seed=SEEDS)
def fast_and_slow_implementations_agree(seed: int) -> None:
    rule, sheets, n, j = random_contest(seed)
    result = score(rule, sheets, n, j)
    unit = 10**rule.mark_decimals
    weights = [c.weight for c in rule.criteria]
    rounding = None if rule.judge_total_round is None else (rule.judge_total_round.decimals, rule.judge_total_round.mode)
    a = rule.aggregate
    method = ("trimmed", a.k_low, a.k_high, a.min_n) if isinstance(a, Trimmed) else ("median" if isinstance(a, Median) else "mean", 0, 0, 0)
    keys: list[tuple[Fraction, ...] | None] = []
    for e in range(n):
        marks = [[Fraction(m, unit) for m in sheets[e, k]] for k in range(j) if (e, k) in sheets]
        totals = [slow.judge_total(sheet, weights, rounding) for sheet in marks]
        value = slow.pooled(totals, method)
        if value is None or len(totals) < rule.min_judges:
            assert not result.scored[e]
            keys.append(None)
            continue
        assert result.exact(e) == value
        printed = slow.rounded(value, rule.result_round.decimals, rule.result_round.mode)
        assert int(result.printed[e]) == printed
        first = value if rule.compare == "exact" else Fraction(printed)
        keys.append((first, *slow.chain_key(totals, marks, weights, Fraction(100))))
    assert rank(result, rule).rank.tolist() == slow.ranks(keys)


@prop(seed=SEEDS)
def results_do_not_depend_on_the_order_of_rows_or_judges(seed: int) -> None:
    rule, sheets, n, j = random_contest(seed)
    base = score(rule, sheets, n, j)
    order = random.Random(seed + 1)
    shuffled = aggregate(judge_totals(as_marks(rule, sheets, n, j, order), rule), rule)
    assert shuffled.printed.tolist() == base.printed.tolist()
    assert shuffled.kept.tolist() == base.kept.tolist()
    moved = list(range(j))
    order.shuffle(moved)
    renamed = score(rule, {(e, moved[k]): m for (e, k), m in sheets.items()}, n, j)
    assert renamed.printed.tolist() == base.printed.tolist()
    assert rank(renamed, rule).rank.tolist() == rank(base, rule).rank.tolist()


@prop(seed=SEEDS, method=st.sampled_from((Mean(), Median(), Trimmed(1, 1, min_n=3))))
def raising_a_mark_never_hurts_its_entry(seed: int, method: Any) -> None:
    table = random_table(seed)
    rng = random.Random(seed + 2)
    e, k = rng.randrange(len(table)), rng.randrange(len(table[0]))
    before = single(table, method)
    table[e][k] = min(10000, table[e][k] + rng.randint(1, 400))
    after = single(table, method)
    assert after.printed[e] >= before.printed[e]
    assert np.delete(after.printed, e).tolist() == np.delete(before.printed, e).tolist()
    assert rank(after, after.rule).rank[e] <= rank(before, before.rule).rank[e]


@prop(seed=SEEDS)
def scores_lie_between_the_marks(seed: int) -> None:
    table = random_table(seed)
    for row, plain, middle, trimmed in zip(
        table, *(single(table, m).printed for m in (Mean(), Median(), Trimmed(1, 1, min_n=3))), strict=True
    ):
        ordered = sorted(row)
        assert ordered[0] <= plain <= ordered[-1]
        assert ordered[0] <= middle <= ordered[-1]
        assert ordered[1] <= trimmed <= ordered[-2]


@prop(seed=SEEDS, shift=st.integers(0, 300))
def shifting_all_marks_shifts_all_scores(seed: int, shift: int) -> None:
    table = random_table(seed)
    for method in (Mean(), Median(), Trimmed(1, 1, min_n=3)):
        moved = single([[m + shift for m in row] for row in table], method)
        assert (moved.printed - single(table, method).printed).tolist() == [shift] * len(table)


@prop(seed=SEEDS, mark=st.integers(0, 10000), judges=st.integers(1, 9))
def identical_judges_give_their_mark(seed: int, mark: int, judges: int) -> None:
    for method in (Mean(), Median(), Trimmed(1, 1, min_n=3)):
        assert single([[mark] * judges], method).printed.tolist() == [mark]


@prop(seed=SEEDS)
def trimming_ignores_the_extremes_and_ends_at_the_median(seed: int) -> None:
    table = random_table(seed, least_judges=5)
    method = Trimmed(1, 1, min_n=5)
    stretched = [list(row) for row in table]
    for row in stretched:
        row[row.index(max(row))] = 10000
        row[row.index(min(row))] = 0
    assert single(stretched, method).printed.tolist() == single(table, method).printed.tolist()
    assert single(table, Trimmed(0, 0)).printed.tolist() == single(table, Mean()).printed.tolist()
    most = (len(table[0]) - 1) // 2
    assert single(table, Trimmed(most, most, min_n=1)).printed.tolist() == single(table, Median()).printed.tolist()


@prop(units=st.integers(-(10**9), 10**9), decimals=st.integers(0, 4))
def decimal_text_survives_the_round_trip(units: int, decimals: int) -> None:
    assert parse_units(format_units(units, decimals), decimals) == units


@prop(values=st.lists(st.integers(0, 8), min_size=1, max_size=12))
def ranks_count_the_better_ones(values: list[int]) -> None:
    array = np.array(values)
    assert rank_values(array).tolist() == [1 + sum(v > w for v in values) for w in values]
    assert float(rank_values(array, "mean").sum()) == len(values) * (len(values) + 1) / 2


@prop(seed=SEEDS)
def the_tie_chain_refines_the_score(seed: int) -> None:
    rule, sheets, n, j = random_contest(seed)
    ranking = rank(score(rule, sheets, n, j), rule)
    scored = ranking.results.scored
    for a in range(n):
        for b in range(n):
            if scored[a] and scored[b] and ranking.level[a] < ranking.level[b]:
                assert ranking.rank[a] < ranking.rank[b]
    parted = [key is not None for key in ranking.separated_by]
    order = ranking.order
    assert parted == [bool(ranking.place[a] != ranking.place[b]) for a, b in pairwise(order.tolist())]


@prop(seed=SEEDS, n=st.integers(1, 9), line=st.sampled_from(("include_all", "exclude_all", "chain", "draw")))
def nobody_outside_beats_anybody_inside(seed: int, n: int, line: Any) -> None:
    rule, sheets, entries, j = random_contest(seed)
    ranking = rank(score(rule, sheets, entries, j), rule)
    scored = int(ranking.results.scored.sum())
    chosen = advance(ranking, Top(n), None, at_line=line, rounding="ceil", base=entries, seed="line")
    inside = int(chosen.selected.sum())
    quota = min(n, scored)
    assert inside >= quota if line in ("include_all", "chain") else inside <= quota
    assert line != "draw" or inside == quota
    for a in np.nonzero(chosen.selected)[0]:
        for b in np.nonzero(~chosen.selected & ranking.results.scored)[0]:
            assert ranking.place[b] >= ranking.place[a]
    assert len(chosen.reasons) == entries
    assert all(chosen.reasons)
    assert all(step.sentence("en") for step in chosen.changes)


@prop(seed=SEEDS, share=st.integers(1, 100))
def raising_an_advancing_entry_keeps_it_in(seed: int, share: int) -> None:
    table = random_table(seed)
    before = single(table, Mean())
    quota, size = Percent(share), len(table)
    first = advance(rank(before, before.rule), quota, None, at_line="include_all", rounding="ceil", base=size)
    for e in np.nonzero(first.selected)[0]:
        better = [list(row) for row in table]
        better[e] = [min(10000, m + 7) for m in better[e]]
        after = single(better, Mean())
        again = advance(rank(after, after.rule), quota, None, at_line="include_all", rounding="ceil", base=size)
        assert again.selected[e]


@prop(seed=SEEDS)
def least_squares_moves_with_a_stricter_judge(seed: int) -> None:
    rng = np.random.Generator(np.random.Philox(seed))
    n, m = int(rng.integers(3, 9)), int(rng.integers(2, 6))
    e, j = (a.ravel() for a in np.meshgrid(np.arange(n), np.arange(m), indexing="ij"))
    keep = (rng.random(e.size) < 0.8) | (j == 0) | (e == 0)
    e, j = e[keep], j[keep]
    y = rng.normal(80, 5, e.size)
    base = fit_additive(e, j, y)
    judge, shift = int(rng.integers(m)), 3.0
    moved = fit_additive(e, j, y + shift * (j == judge))
    expected = np.where(np.arange(m) == judge, shift * (1 - 1 / m), -shift / m)
    assert np.allclose(moved.judge - base.judge, expected, atol=1e-7)
    assert np.allclose(moved.entry - base.entry, shift / m, atol=1e-7)
    swap = rng.permutation(n)
    assert np.allclose(fit_additive(swap[e], j, y).entry[swap], base.entry, atol=1e-7)


@prop(seed=SEEDS)
def agreement_measures_are_invariant_as_they_should_be(seed: int) -> None:
    rng = np.random.Generator(np.random.Philox(seed))
    y = rng.integers(1, 6, (int(rng.integers(3, 9)), int(rng.integers(2, 6)))).astype(float)
    if np.ptp(y) == 0:
        return
    values = {m: krippendorff_alpha(y, None, m).value for m in ("nominal", "ordinal", "interval", "ratio")}  # type: ignore[arg-type]
    relabelled = np.array([0, 4, 2, 5, 1, 3])[y.astype(int)].astype(float)
    assert np.isclose(krippendorff_alpha(relabelled, None, "nominal").value, values["nominal"])
    assert np.isclose(krippendorff_alpha(y**3, None, "ordinal").value, values["ordinal"])
    assert np.isclose(krippendorff_alpha(2 * y + 7, None, "interval").value, values["interval"])
    assert np.isclose(krippendorff_alpha(3 * y, None, "ratio").value, values["ratio"])
    w = kendall_w(y).w_corrected
    assert np.isnan(w) or -1e-9 <= w <= 1 + 1e-9
    doubled = icc(2 * y - 3)
    assert all(np.isclose(v.value, doubled[k].value, equal_nan=True) for k, v in icc(y).items())


@prop(seed=SEEDS)
def random_designs_keep_every_rule(seed: int) -> None:
    rng = np.random.Generator(np.random.Philox(seed))
    n, m = int(rng.integers(4, 20)), int(rng.integers(4, 9))
    k = int(rng.integers(1, 4))
    conflict = rng.random((n, m)) < 0.1
    conflict[(~conflict).sum(axis=1) < k] = False
    d = Demand(k, np.zeros(m, int), np.full(m, -(-n * k // m) + 1), conflict)
    a = random_design(d, seed=str(seed))
    assert np.bincount(a.pairs[:, 0], minlength=n).tolist() == [k] * n
    assert len({tuple(p) for p in a.pairs.tolist()}) == n * k
    assert not conflict[a.pairs[:, 0], a.pairs[:, 1]].any()
    assert (a.loads(m) <= d.hi).all()
    assert random_design(d, seed=str(seed)).digest == a.digest


@prop(seed=SEEDS)
def optima_equal_brute_force_and_beat_greedy(seed: int) -> None:
    rng = np.random.Generator(np.random.Philox(seed))
    n, m = int(rng.integers(2, 5)), int(rng.integers(2, 5))
    score = rng.integers(0, 50, (n, m))
    conflict = rng.random((n, m)) < 0.2
    conflict[:, 0] = False
    hi = np.maximum(rng.integers(1, 3, m), -(-n // m))
    hi[0] = n
    d = Demand(1, np.zeros(m, int), hi, conflict, score)
    best = max(
        sum(int(score[i, j]) for i, j in enumerate(pick))
        for pick in product(range(m), repeat=n)
        if not any(conflict[i, j] for i, j in enumerate(pick)) and (np.bincount(pick, minlength=m) <= hi).all()
    )
    a = optimal(d, objective="total", solver="highs", seed=str(seed))
    assert a.total == best == a.bound
    wider = optimal(Demand(1, d.lo, hi + 1, conflict, score), objective="total", solver="highs", seed=str(seed))
    assert wider.total >= a.total


@prop(ids=st.lists(st.text("abc01", min_size=1, max_size=4), unique=True, max_size=8), seed=st.text("xyz", max_size=5))
def draws_do_not_depend_on_the_order_of_ids(ids: list[str], seed: str) -> None:
    drawn = draw_order(seed, "tag", ids)
    assert sorted(drawn) == sorted(ids)
    assert draw_order(seed, "tag", ids[::-1]) == drawn
    assert draw_order(seed, "tag", sorted(ids)) == drawn
