"""Published contests recomputed: diving in Tokyo 2020, figure skating protocols of 2016 and 2017."""

from fractions import Fraction

import numpy as np
import pytest

from scoring import (
    Criterion,
    Marks,
    Mean,
    Part,
    Round,
    Rule,
    Total,
    Trimmed,
    aggregate,
    combine,
    icc,
    judge_report,
    judge_totals,
    krippendorff_alpha,
    rank,
)
from scoring.rounding import parse_units
from scoring.uncertainty import fit_totals
from tests.scoring.building import printed_scores

# World Aquatics, men's 10 m platform final: degree of difficulty | seven judges = points of the dive; total.
DIVES = {
    "CAO Yuan": (
        "3.4 | 10 9.5 9.5 10 10 10 10 = 102.00; 3.2 | 9 8.5 8.5 8.5 8 8.5 9 = 81.60; 3.6 | 9.5 9 9 9 9 8.5 8.5 = 97.20; "
        "3.6 | 9 9 9 9 9 9 9 = 97.20; 3.7 | 9.5 9.5 9 9 9.5 9 9 = 101.75; 3.6 | 9.5 9.5 9.5 10 10 9.5 9.5 = 102.60",
        "582.35",
    ),
    "YANG Jian": (
        "3.4 | 9 8 9 9 9 8.5 8.5 = 90.10; 3.5 | 9 9 9 8.5 9 8.5 9 = 94.50; 3.5 | 9 8 8.5 8.5 9 8.5 8 = 89.25; "
        "3.8 | 9 7.5 8 8 8 7.5 8.5 = 91.20; 3.6 | 9.5 9.5 9.5 10 10 9.5 9 = 102.60; 4.1 | 9 9.5 9 9.5 9.5 9 9 = 112.75",
        "580.40",
    ),
    "DALEY Thomas": (
        "3.4 | 10 9.5 10 9.5 8.5 10 9.5 = 98.60; 3.2 | 9.5 9.5 9.5 10 9.5 9.5 9 = 91.20; 3.6 | 9 8.5 8.5 8 8 9 8.5 = 91.80; "
        "3.5 | 7.5 8.5 8 8 7.5 7.5 7 = 80.50; 3.7 | 8.5 9 9 8.5 8.5 8.5 8.5 = 94.35; 3.6 | 8 9 8.5 9 8 8.5 8.5 = 91.80",
        "548.25",
    ),
    "BONDAR Aleksandr": (
        "3.2 | 8 7.5 8 8 8 7.5 7.5 = 75.20; 3.4 | 9 8.5 9 9 8.5 9 9 = 91.80; 3.5 | 8.5 8.5 8 8 8.5 7.5 8 = 85.75; "
        "3.6 | 6.5 7.5 7.5 7.5 7 8 7.5 = 81.00; 3.7 | 9 8.5 8.5 8.5 8.5 8 8.5 = 94.35; 3.6 | 8 8 8 8 8 8 8 = 86.40",
        "514.50",
    ),
    "MINIBAEV Viktor": (
        "3.2 | 7.5 7 7 7.5 7 7.5 7 = 68.80; 3.4 | 9 9 9.5 9 9 9.5 9 = 91.80; 3.6 | 8.5 9 8.5 8.5 8.5 8.5 8.5 = 91.80; "
        "3.6 | 7.5 7.5 6.5 7 6 7 6.5 = 73.80; 3.7 | 8 7.5 7.5 7.5 7.5 7 7 = 83.25; 3.6 | 8 8 8 8 8 7 7.5 = 86.40",
        "495.85",
    ),
    "SEREDA Oleksii": (
        "3.2 | 8.5 8.5 9 8.5 9 9.5 8.5 = 83.20; 3.3 | 8.5 8 8 8 7.5 7.5 8 = 79.20; 3.6 | 8.5 9 8 8.5 8 8 7.5 = 88.20; "
        "3.4 | 5.5 5.5 5.5 5.5 5.5 5.5 5.5 = 56.10; 3.0 | 9 9 8 8 8 8.5 8.5 = 75.00; 3.2 | 8.5 8.5 8.5 8 8.5 8 8 = 80.00",
        "461.70",
    ),
}
# Panel of nine (drop one highest and one lowest); '-' is the absent judge, whom protocols store as 0. Factor; total.
SKATING = {
    "Tarasova/Morozov": (
        "8 8 7.5 8.75 8.75 - 8.5 8.25 9.25 = 8.38; 8.25 8.25 7.5 9 8.5 - 8.75 8.25 9.25 = 8.50; 8.5 8.25 7.75 9 8.75 - 8.75 8.25 9 = 8.58; "
        "8.5 8 7.75 8.75 8.5 - 8.5 8.25 9 = 8.42; 8 8 7.5 8.75 8.5 - 8.5 7.75 8.75 = 8.25",
        8, "33.70", "41.54", "75.24",
    ),
    "Denney/Frazier": (
        "7.5 8 7.25 7.25 7.5 - 8.25 7 7.5 = 7.50; 7 7.75 7.25 7 7 - 7.75 7 7.5 = 7.25; 7.25 8 7 7.5 7.5 - 7.75 7 8 = 7.50; "
        "7.25 8 7.25 7.25 7.75 - 8 7.25 7.75 = 7.54; 7.25 7.75 7.5 7 7.25 - 8 7.25 7.75 = 7.46",
        8, "29.80", "37.49", "67.29",
    ),
    "Astakhova/Rogonov": (
        "7.75 7.5 6.75 7.25 7.5 - 7 7 7.5 = 7.29; 7.5 7.25 7 7.5 7.5 - 7 7 7.5 = 7.29; 7.5 7 7 7.25 7.5 - 7.25 7.25 7.5 = 7.29; "
        "7.25 7.25 6.75 7.5 7.25 - 6.75 6.75 7.5 = 7.13; 7.5 7.5 6.5 7.75 7.5 - 6.75 6.75 7.75 = 7.29",
        8, "29.02", "0", "29.02",
    ),
    "Marchei/Hotarek": (
        "7.25 7 6.5 7 7.25 - 7.5 7.5 7.25 = 7.21; 7.25 6.75 6.75 7.25 7.25 - 7.75 7.25 7.25 = 7.17; 7 7 6.5 7 7.5 - 7.5 7.5 7.25 = 7.21; "
        "6.75 6.75 6.25 6.75 7 - 7 7 7 = 6.88; 7 6.75 6.5 7.25 7.25 - 7.75 7.25 7.5 = 7.17",
        8, "28.52", "0", "28.52",
    ),
    "Miyahara": (
        "9 9.25 9.5 9 9.5 9 8.75 8.25 9.5 = 9.14; 8.75 8.75 9.25 9.25 9.25 9 9 8.75 9 = 9.00; 8.5 8.75 9 8.5 9.25 8.75 9 8.25 9 = 8.79; "
        "8.75 9.25 9.25 9 9.5 9 9 8.75 9.25 = 9.07; 8.5 8.75 9.25 8.75 9.5 8.75 9 8.5 9.5 = 8.93",
        16, "71.88", "67.00", "138.88",
    ),
    "Osmond": (
        "9.25 9.25 9 9 8.75 9 8.75 8.75 9.5 = 9.00; 9.5 9.5 9.25 9.25 9.25 8.75 9 9.5 9.5 = 9.32; 9.5 9.5 9.25 8.75 9 8.75 9.25 9.25 9.5 = 9.21; "
        "9.5 9.25 9 9 8.75 8.75 9.25 9.25 9.5 = 9.14; 9.25 9 8.75 8.5 8.5 8.5 8.75 9 9.25 = 8.82",
        8, "36.40", "40.64", "77.04",
    ),
}  # fmt: skip


def dives() -> list[tuple[str, Fraction, list[str], str]]:
    rows = []
    for name, (text, _) in DIVES.items():
        for dive in text.split(";"):
            difficulty, rest = dive.split("|")
            marks, points = rest.split("=")
            rows.append((name, Fraction(difficulty.strip()), marks.split(), points.strip()))
    return rows


@pytest.mark.parametrize("dive", dives(), ids=lambda d: f"{d[0]} {d[3]}")
def test_points_of_every_dive(dive: tuple[str, Fraction, list[str], str]) -> None:
    """Sum of the middle three of seven marks x difficulty: three times the mean after dropping two and two."""
    _, difficulty, marks, points = dive
    tenths = int(difficulty * 10)
    rule = Rule(
        (Criterion("dive", 3 * tenths, 0, 100, 5),),
        mark_decimals=1, scheme="points", full_mark=30 * tenths, weight_unit=10, aggregate=Trimmed(2, 2, min_n=7),
    )  # fmt: skip
    rows = [("dive", f"J{k}", "dive", mark) for k, mark in enumerate(marks)]
    result = aggregate(judge_totals(Marks.from_rows(rows, rule), rule), rule)
    assert result.printed.tolist() == [parse_units(points, 2)]
    assert result.exact(0) == Fraction(points)


def test_running_totals_add_up_to_the_published_ones() -> None:
    rule = Rule((Criterion("round", 1, 0, 20000, 1),), weight_sum=1, ties=())
    names = tuple(DIVES)
    rounds = [[p for name, _, _, p in dives() if name == diver] for diver in names]
    parts = [Part(f"round {r + 1}", np.array([parse_units(points[r], 2) for points in rounds]), 1) for r in range(6)]
    total = combine(parts, rule, weight_sum=1, entries=names)
    assert total.printed.tolist() == [parse_units(DIVES[name][1], 2) for name in names]
    assert rank(total, rule).rank.tolist() == [1, 2, 3, 4, 5, 6]


def test_ties_after_round_one_share_the_place() -> None:
    points = "102 90.10 98.60 75.20 68.80 83.20 72 57.60 68.80 60.80 67.20 67.20".split()  # noqa: SIM905 -- start order
    rule = Rule((Criterion("round", 1, 0, 20000, 1),), weight_sum=1, ties=())
    start = combine([Part("round 1", np.array([parse_units(p, 2) for p in points]))], rule, weight_sum=1)
    assert rank(start, rule).rank.tolist() == [1, 3, 2, 5, 7, 4, 6, 12, 7, 11, 9, 9]


def test_agreement_of_the_diving_judges() -> None:
    table = np.array([[float(m) for m in marks] for _, _, marks, _ in dives()])
    found = {key: estimate.value for key, estimate in icc(table).items()}
    assert found == pytest.approx(
        {"1": 0.86035047, "A1": 0.86053524, "C1": 0.86857981, "1k": 0.97733736, "Ak": 0.97737141, "Ck": 0.97884237}, abs=1e-8
    )
    assert krippendorff_alpha(table, None, "ordinal").value == pytest.approx(0.81582928, abs=1e-8)
    assert krippendorff_alpha(table, None, "interval").value == pytest.approx(0.85741811, abs=1e-8)


def test_each_diving_judge_beside_the_mean_of_the_others() -> None:
    rule = Rule((Criterion("dive", 100, 0, 100, 5),), mark_decimals=1)
    rows = [(f"dive {n}", f"J{k + 1}", "dive", mark) for n, (_, _, marks, _) in enumerate(dives()) for k, mark in enumerate(marks)]
    marks = Marks.from_rows(rows, rule)
    reports = judge_report(marks, fit_totals(judge_totals(marks, rule)))
    assert [r.judge for r in reports] == [f"J{k}" for k in range(1, 8)]
    assert [r.consistency for r in reports] == pytest.approx(
        [0.892040, 0.889259, 0.963179, 0.948241, 0.911251, 0.910390, 0.938564], abs=1e-6
    )


def skating_rule(factor: int, **fields: object) -> Rule:
    """Five components: trimmed mean rounded to 2 decimals, times the factor, rounded again, added."""
    return Rule(
        tuple(Criterion(f"c{k}", factor, 0, 1000, 25) for k in range(5)),
        scheme="points", full_mark=5 * 100 * factor, weight_unit=10, aggregate=Trimmed(1, 1, min_n=5), trim_on="criterion",
        **{"criterion_round": Round(2), "component_round": Round(2), **fields},  # type: ignore[arg-type]
    )  # fmt: skip


def skating_rows(text: str) -> tuple[list[tuple[str, str, str, str]], list[str]]:
    rows, printed = [], []
    for k, component in enumerate(text.split(";")):
        marks, score = component.split("=")
        printed.append(score.strip())
        rows += [("pair", f"J{j + 1}", f"c{k}", mark) for j, mark in enumerate(marks.split()) if mark != "-"]
    return rows, printed


@pytest.mark.parametrize("name", SKATING)
def test_skating_components_and_their_total(name: str) -> None:
    text, factor, total, elements, segment = SKATING[name]
    rule = skating_rule(factor)
    rows, printed = skating_rows(text)
    result = aggregate(judge_totals(Marks.from_rows(rows, rule), rule), rule)
    assert result.printed.tolist() == [parse_units(total, 2)]
    assert parse_units(total, 2) + parse_units(elements, 2) == parse_units(segment, 2)
    for k, expected in enumerate(printed):
        one = Rule((Criterion(f"c{k}", 100, 0, 1000, 25),), aggregate=Trimmed(1, 1, min_n=5))
        own = [row for row in rows if row[2] == f"c{k}"]
        assert aggregate(judge_totals(Marks.from_rows(own, one), one), one).printed.tolist() == [parse_units(expected, 2)]


@pytest.mark.parametrize(("name", "wrong"), [("Astakhova/Rogonov", 2903), ("Marchei/Hotarek", 2851), ("Miyahara", 7189), ("Osmond", 3639)])
def test_leaving_out_the_second_rounding_misses_the_protocol(name: str, wrong: int) -> None:
    text, factor, total, _, _ = SKATING[name]
    rule = skating_rule(factor, component_round=None)
    result = aggregate(judge_totals(Marks.from_rows(skating_rows(text)[0], rule), rule), rule)
    assert result.printed.tolist() == [wrong]
    assert wrong != parse_units(total, 2)


def test_rounding_a_half_to_even_misses_the_protocol() -> None:
    marks = "7.25 7.25 6.75 7.5 7.25 6.75 6.75 7.5".split()  # noqa: SIM905 -- exactly 7.125
    rows = [("pair", f"J{k}", "c", mark) for k, mark in enumerate(marks)]
    for mode, printed in (("half_up", 713), ("half_even", 712)):
        rule = Rule((Criterion("c", 100, 0, 1000, 25),), aggregate=Trimmed(1, 1, min_n=5), result_round=Round(2, mode))  # type: ignore[arg-type]
        assert aggregate(judge_totals(Marks.from_rows(rows, rule), rule), rule).printed.tolist() == [printed]


def test_an_absent_judge_stored_as_zero_would_change_the_component() -> None:
    rule = Rule((Criterion("c", 100, 0, 1000, 25),), aggregate=Trimmed(1, 1, min_n=5))
    marks = "8 8 7.5 8.75 8.75 0 8.5 8.25 9.25".split()  # noqa: SIM905 -- as in the protocol
    rows = [("pair", f"J{k}", "c", mark) for k, mark in enumerate(marks)]
    assert aggregate(judge_totals(Marks.from_rows(rows, rule), rule), rule).printed.tolist() == [825]


def test_sum_of_several_judges_is_refused_when_their_number_differs() -> None:
    result = printed_scores("90", "80", aggregate=Mean())
    assert result.printed.tolist() == [9000, 8000]
    assert printed_scores("90", "80", aggregate=Total()).printed.tolist() == [9000, 8000]


def test_the_skating_pipeline_is_told_criterion_by_criterion() -> None:
    rule = skating_rule(8)
    rows, printed = skating_rows(SKATING["Denney/Frazier"][0])
    steps = aggregate(judge_totals(Marks.from_rows(rows, rule), rule), rule).explain(0).steps
    told = [s for s in steps if s.key == "explain.by_criterion"]
    assert [Fraction(s.values["mean"]) for s in told] == [Fraction(p) for p in printed]
    assert sum(Fraction(s.values["component"]) for s in told) == Fraction("29.80")
