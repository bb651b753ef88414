"""Majority placement by the places that judges give (the 6.0 system of figure skating), and dropping alike for everybody."""

import pytest

from scoring import InvalidRule, Marks, Mean, Ordinals, Ranking, RankPoints, Results, Rule, Trimmed, aggregate, judge_totals, rank
from scoring.resampling import bootstrap_scores
from tests.scoring.building import HUNDRED, score_table, single_rule


def placed(rows: list[str], **fields: object) -> Ranking:
    """Entries by the place that each judge gives them ('-': none)."""
    rule = single_rule(**{"aggregate": Ordinals(), **fields})
    return rank(score_table([[None if p == "-" else str(100 - int(p)) for p in row.split()] for row in rows], rule), rule)


@pytest.mark.parametrize(("equal", "second", "third"), [("best", ("5", "10"), ("5", "13")), ("mean", ("3", "11"), ("5", "14"))])
def test_pairs_at_the_olympic_games_of_1908(equal: str, second: tuple[str, str], third: tuple[str, str]) -> None:
    """Five judges: Hübler/Burger first with all; Johnson/Johnson second with three, level with Syers/Syers with two.

    The official report counts both of a shared second place as 2 (sums 10 and 13), other sources as 2.5 (11 and 14).
    """
    ranking = placed(["1 1 1 1 1", "2 2 2 2 2", "3 3 3 2 2"], aggregate=Ordinals(equal))  # type: ignore[arg-type]
    assert ranking.rank.tolist() == [1, 2, 3]
    assert ranking.results.printed.tolist() == [200, 100, 0]
    steps = [ranking.results.explain(i).steps[1].values for i in range(3)]
    assert [(s["place"], s["size"], s["total"]) for s in steps] == [("1", "5", "5"), ("2", *second), ("3", *third)]


# Five judges, so three are a majority. In brackets, counted by hand: majority place, its size, its sum, the sum of all.
SIX = [
    "6 4 2 4 2",  # D (4, 4, 12, 18)
    "4 2 6 2 3",  # A (3, 3, 7, 17)
    "2 6 4 6 1",  # F (4, 3, 7, 19)
    "3 3 5 1 6",  # C (3, 3, 7, 18)
    "1 5 3 3 5",  # B (3, 3, 7, 17)
    "5 1 1 5 4",  # E (4, 3, 6, 16)
]


def test_each_comparison_of_majority_placement_decides_in_its_turn() -> None:
    ranking = placed(SIX)
    assert ranking.order.tolist() == [1, 4, 3, 0, 5, 2]
    assert ranking.rank.tolist() == [4, 1, 6, 3, 1, 5]
    assert ranking.separated_by == (None, "ordinals_total", "score", "ordinals_size", "ordinals_inside")
    assert ranking.results.printed.tolist() == [200, 300, 200, 300, 300, 200]
    assert [d.sentence("en") for d in ranking.decisions()][1:] == [
        "E4 and E3 have the same score; compared by sum of all places (smaller first): 17 to 18, E4 stands before.",
        "E3 (3.00) scores higher than E0 (2.00) and stands before it.",
        "E0 and E5 have the same score; compared by size of the majority of judges: 4/5 to 3/5, E0 stands before.",
        "E5 and E2 have the same score; compared by sum of the majority's places (smaller first): 6 to 7, E5 stands before.",
    ]


def test_the_steps_name_every_place_and_the_majority() -> None:
    told = placed(SIX).results.explain(0)
    assert told.sentence("en") == (
        "Places given by the 5 judges: 6, 4, 2, 4, 2. 4 judges put it at place 4 or better (a majority is 3): majority place 4, "
        "counting 6 − 4 = 2; these places add up to 12, all to 18. Rounded (half up) to 2 decimals: published score 2.00."
    )
    assert "4 名评委列为第 4 名或更前（过半数为 3 名）" in told.sentence("zh_CN")


def test_entries_with_different_numbers_of_judges_are_compared_by_means() -> None:
    """Both first entries have majority place 2 from all their judges; the sums 5 of three judges and 6 of four are 5/3 and 6/4."""
    ranking = placed(["2 1 2 -", "1 2 1 2", "3 3 3 1"])
    assert ranking.rank.tolist() == [2, 1, 3]
    assert ranking.separated_by == ("ordinals_inside", "score")
    assert ranking.decision(0).sentence("en").endswith("6/4 to 5/3, E1 stands before.")


def test_places_need_rankings_and_not_substitutes() -> None:
    for method in (Ordinals(), RankPoints((100, 50))):
        with pytest.raises(InvalidRule) as refusal:
            single_rule(aggregate=method, missing="substitute")
        assert refusal.value.where == {"field": "missing"}
    with pytest.raises(InvalidRule):
        Ordinals("worst")  # type: ignore[arg-type]


def uneven(**fields: object) -> Results:
    """Two entries with five judges, one with four."""
    table = [["90", "80", "80", "70", "60"], ["70", "70", "80", "90", "85"], ["81", "82", "83", "84", None]]
    return score_table(table, single_rule(**fields))


def test_dropping_alike_takes_the_rule_of_the_entry_with_the_fewest_judges() -> None:
    apart, alike = uneven(), uneven(aggregate=Trimmed(1, 1, min_n=5, alike=True))
    assert apart.printed.tolist() == [7667, 7833, 8250]
    assert alike.printed.tolist() == [7600, 7900, 8250]
    assert [alike.explain(i).status for i in range(3)] == ["untrimmed"] * 3
    assert alike.explain(0).sentences("en")[0] == (
        "5 valid judges, but some entry has only 4, fewer than 5; by the rule nothing is dropped from any entry; "
        "mean of all: (90+80+80+70+60)/5 = 76."
    )
    assert alike.explain(2).sentences("zh_CN")[0].startswith("有效评委 4 名，少于规则规定的去分人数 5 名")
    assert alike.kept[0].tolist() == [1, 1, 1, 1, 1]


def test_dropping_alike_drops_where_everybody_has_judges_enough() -> None:
    table = [["90", "80", "80", "70", "60"], ["70", "70", "80", "90", "85"]]
    assert score_table(table, single_rule(aggregate=Trimmed(alike=True))).printed.tolist() == [7667, 7833]


def test_entries_without_a_result_do_not_change_how_the_others_are_dropped() -> None:
    method = Trimmed(1, 1, min_n=5, alike=True)
    assert uneven(aggregate=method, min_judges=5).printed.tolist() == [7667, 7833, 0]
    rule = Rule(HUNDRED, aggregate=method, missing="block")
    rows = [(f"E{i}", f"J{j}", "mark", 80 + j) for i in range(2) for j in range(5 - i)]
    waiting = aggregate(judge_totals(Marks.from_rows(rows, rule, status={("E1", "J4"): "absent"}), rule), rule)
    assert [waiting.explain(i).status for i in range(2)] == ["ok", "blocked"]


def test_resampled_scores_drop_alike_too() -> None:
    alike, mean = (uneven(aggregate=method).totals for method in (Trimmed(alike=True), Mean()))
    assert alike is not None
    assert mean is not None
    drawn = [next(bootstrap_scores(t, 50, jointly=False, seed="s")).tolist() for t in (alike, mean)]
    assert drawn[0] == drawn[1]


def test_rules_keep_the_digest_they_had_before_dropping_alike_was_offered() -> None:
    assert single_rule().digest() == "2b2080fbbb1a980a94cb76d5e537c6bbb5be0cf92bb807626f9b8f086a569ce8"
    assert single_rule(aggregate=Trimmed(alike=True)).digest() != single_rule().digest()
