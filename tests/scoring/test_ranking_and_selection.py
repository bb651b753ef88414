"""Tie chains, the sentence of every decided pair, quotas, withdrawals, reserves, and the reason of every entry."""

import numpy as np
import pytest

from scoring import (
    Criterion,
    Infeasible,
    Insufficient,
    InvalidRule,
    Marks,
    Mean,
    Percent,
    PerGroup,
    Ranking,
    Rule,
    Section,
    Spread,
    Threshold,
    Top,
    advance,
    aggregate,
    judge_totals,
    rank,
)  # fmt: skip
from tests.scoring.building import printed_scores, score_table, single_rule


def ranked(table: list[str], *ties: str, extra: dict[str, np.ndarray] | None = None, seed: str | None = None, **fields: object) -> Ranking:
    rule = single_rule(**{"aggregate": Mean(), "min_judges": 1, **fields}, ties=ties)
    return rank(score_table([row.split() for row in table], rule), rule, extra=extra, seed=seed)


def by_scores(*scores: str) -> Ranking:
    result = printed_scores(*scores)
    return rank(result, result.rule)


@pytest.mark.parametrize(
    ("table", "key", "winner"),
    [
        (["80 90 70", "80 80 80"], "highest", 0),
        (["80 90 70", "80 80 80"], "lowest", 1),
        (["60 90 90", "80 80 80"], "median", 0),
        (["60 90 90", "80 80 80"], "first_places", 0),
        (["90 90 60", "80 80 80"], "head_to_head", 0),
        (["50 95 95", "80 80 80"], "fewer_low", 1),
        (["70 85 85", "80 80 80"], "majority", 0),
        (["70 85 85", "80 80 80"], "next_highest", 0),
    ],
)
def test_single_tie_keys(table: list[str], key: str, winner: int) -> None:
    ranking = ranked(table, key)
    assert ranking.order.tolist() == [winner, 1 - winner]
    assert ranking.rank[winner] == 1
    assert str(ranking.separated_by[0]).split(":")[0] == key


def test_extra_values_decide_in_their_direction() -> None:
    times = {"submitted": np.array([20, 10]), "earlier": np.array([8000, 9000])}
    assert ranked(["80 80", "80 80"], "extra:submitted:low", extra=times).rank.tolist() == [2, 1]
    assert ranked(["80 80", "80 80"], "extra:earlier", extra=times).rank.tolist() == [2, 1]
    with pytest.raises(InvalidRule) as refusal:
        ranked(["80 80", "80 80"], "extra:chair", extra=times)
    assert refusal.value.where == {"tie": "extra:chair"}


def test_sections_and_heaviest_criteria_decide() -> None:
    criteria = (Criterion("a", 40, 0, 10000, 1, section="x"), Criterion("b", 60, 0, 10000, 1, section="y"))
    rows = [("E0", "J", "a", "75"), ("E0", "J", "b", "90"), ("E1", "J", "a", "90"), ("E1", "J", "b", "80")]
    for key, order in (("section:x", [1, 0]), ("criteria_by_weight", [0, 1])):
        rule = Rule(criteria, sections=(Section("x", 40), Section("y", 60)), min_judges=1, ties=(key,))  # type: ignore[arg-type]
        ranking = rank(aggregate(judge_totals(Marks.from_rows(rows, rule), rule), rule), rule)
        assert ranking.results.printed.tolist() == [8400, 8400]
        assert ranking.order.tolist() == order


def test_what_no_key_parts_shares_the_rank() -> None:
    ranking = ranked(["80 80", "80 80", "70 90"], "highest")
    assert ranking.rank.tolist() == [2, 2, 1]
    assert ranking.separated_by == ("highest", None)


def test_a_lot_needs_a_seed_and_repeats() -> None:
    table = ["80 80"] * 4
    with pytest.raises(InvalidRule):
        ranked(table, "lot")
    first, again = ranked(table, "lot", seed="2026"), ranked(table, "lot", seed="2026")
    assert sorted(first.rank.tolist()) == [1, 2, 3, 4]
    assert first.rank.tolist() == again.rank.tolist()
    assert first.separated_by == ("lot", "lot", "lot")


def test_ordinal_ranks_refuse_ties_that_no_key_parts() -> None:
    with pytest.raises(Insufficient):
        ranked(["80 80", "80 80"], rank_style="ordinal")
    assert ranked(["80 80", "80 80"], "lot", seed="s", rank_style="ordinal").rank.tolist() in ([1, 2], [2, 1])


def test_the_sentence_of_every_decided_pair() -> None:
    ranking = ranked(["80 80 80", "70 90 80", "60 60 60"], "highest")
    sentences = [d.sentence("en") for d in ranking.decisions()]
    assert sentences == [
        "E1 and E0 have the same score; compared by highest judge total: 90 to 80, E1 stands before.",
        "E0 (80.00) scores higher than E2 (60.00) and stands before it.",
    ]
    assert ranking.decision(0).sentence("zh_CN") == "E1 与 E0 成绩相同，比较最高的评委总分：90 对 80，E1 在前。"


def choose(ranking: Ranking, quota: object, group: list[int] | None = None, **more: object) -> list[int]:
    settings: dict[str, object] = {"at_line": "include_all", "rounding": "ceil", "base": ranking.rank.size, **more}
    chosen = advance(ranking, quota, None if group is None else np.array(group), **settings)  # type: ignore[arg-type]
    return np.nonzero(chosen.selected)[0].tolist()


SIX = ("95", "90", "85", "80", "75", "70")


def test_quotas_by_group() -> None:
    group = [0, 0, 0, 1, 1, 1]
    assert choose(by_scores(*SIX), PerGroup({0: 1, 1: 2}), group) == [0, 3, 4]
    assert choose(by_scores(*SIX), PerGroup(Top(1)), group) == [0, 3]
    assert choose(by_scores(*SIX), PerGroup(Percent(50)), group) == [0, 1, 3, 4]
    assert choose(by_scores(*SIX), PerGroup(Threshold(8000)), group) == [0, 1, 2, 3]
    assert choose(by_scores(*SIX), PerGroup(total=3), [0, 0, 0, 0, 1, 1]) == [0, 1, 4]
    assert choose(by_scores(*SIX), PerGroup({0: 2}, minimum=1), group) == [0, 1, 3]


def test_floors_and_ceilings() -> None:
    group = [0, 0, 0, 1, 1, 2]
    assert choose(by_scores(*SIX), Spread(3, floors={2: 1}), group) == [0, 1, 5]
    assert choose(by_scores(*SIX), Spread(4, ceilings={0: 1}), group) == [0, 3, 4, 5]
    with pytest.raises(Infeasible):
        Spread(1, floors={0: 1, 1: 1})


def test_withdrawal_pulls_up_or_leaves_the_place_empty() -> None:
    ranking = by_scores(*SIX)
    assert choose(ranking, Top(3), withdrawn=[1]) == [0, 2]
    assert choose(ranking, Top(3), withdrawn=[1], pull_up=True) == [0, 2, 3]
    pulled = advance(ranking, Top(3), None, at_line="chain", rounding="ceil", base=6, withdrawn=[1], pull_up=True)
    assert pulled.steps[3].key == "advance.in_pulled"
    assert pulled.steps[1].key == "advance.out_withdrawn"


def test_wild_cards_and_reserves() -> None:
    chosen = advance(by_scores(*SIX), Top(2), None, at_line="chain", rounding="ceil", base=6, wild_cards=[5], reserves=2)
    assert np.nonzero(chosen.selected)[0].tolist() == [0, 1, 5]
    assert chosen.reserves == (2, 3)
    assert chosen.steps[5].key == "advance.in_wild"
    assert (chosen.line_score, chosen.first_out, chosen.distance) == (9000, 2, 500)


def test_quota_above_the_number_of_entries_takes_all() -> None:
    assert choose(by_scores(*SIX), Top(10)) == [0, 1, 2, 3, 4, 5]
    assert choose(by_scores(*SIX), Top(0)) == [0, 1, 2, 3, 4, 5]


def test_reasons_and_what_would_change_them() -> None:
    chosen = advance(by_scores("95", "90", "88.5"), Top(2), None, at_line="chain", rounding="ceil", base=3)
    assert chosen.reasons_in("en") == [
        "Rank 1 is within the first 2: selected.",
        "Rank 2 is within the first 2: selected.",
        "Rank 3, outside the first 2; 1.50 short of the line 90.00.",
    ]
    assert [c.sentence("en") for c in chosen.changes] == [
        "A score below 88.50 could lose the place; it is 6.50 above.",
        "A score below 88.50 could lose the place; it is 1.50 above.",
        "90.00 would equal the line, where the tie rule decides; 0.01 more would be selected. It is 1.50 short.",
    ]
    assert chosen.reasons[2] == "第 3 名，名额 2 个已满，未入选；与入选线 90.00 相差 1.50。"


def test_each_group_has_its_own_line_and_each_place_its_own_reason() -> None:
    ranking = by_scores("95", "90", "85", "60", "55", "40")
    groups = np.array([0, 0, 0, 1, 1, 1])
    settings: dict[str, object] = {"at_line": "include_all", "rounding": "ceil", "base": 6}
    own = advance(ranking, PerGroup({0: 1, 1: 2}), groups, **settings)  # type: ignore[arg-type]
    assert own.reasons_in("en")[1] == "Rank 2, outside the first 1; 5.00 short of the line 95.00."
    assert own.changes[1].sentence("en") == "A score of 95.00 or more would be selected; it is 5.00 short."
    assert own.changes[3].sentence("en") == "A score below 40.00 could lose the place; it is 20.00 above."
    closed = advance(ranking, PerGroup({0: 1}), groups, **settings)  # type: ignore[arg-type]
    assert closed.reasons_in("en")[3] == "There is no place; rank 4."
    assert closed.changes[3].key == "change.rule"
    kept = advance(ranking, Spread(2, floors={1: 1}), groups, **settings)  # type: ignore[arg-type]
    assert np.nonzero(kept.selected)[0].tolist() == [0, 3]
    assert kept.reasons_in("en")[1] == "Places had to be kept for the minimum of other groups (rank 2)."


def test_a_pass_mark_and_a_wild_card_have_their_own_change() -> None:
    settings: dict[str, object] = {"at_line": "include_all", "rounding": "ceil", "base": 3}
    passed = advance(by_scores("90", "70", "55"), Threshold(6000), None, **settings)  # type: ignore[arg-type]
    assert [c.sentence("en") for c in passed.changes] == [
        "A score below 60.00 could lose the place; it is 30.00 above.",
        "A score below 60.00 could lose the place; it is 10.00 above.",
        "A score of 60.00 or more would be selected; it is 5.00 short.",
    ]
    roomy = advance(by_scores("90", "55"), Top(5, pass_mark=6000), None, **settings)  # type: ignore[arg-type]
    assert roomy.changes[1].values == {"line": "60.00", "gap": "5.00"}
    wild = advance(by_scores("90", "55"), Top(1), None, wild_cards=[1], **settings)  # type: ignore[arg-type]
    assert wild.changes[1].key == "change.rule"


@pytest.mark.parametrize("more", [{"wild_cards": [9]}, {"withdrawn": [-1]}, {"base": 1.5}, {"base": None}])
def test_positions_and_bases_that_do_not_exist_are_refused(more: dict[str, object]) -> None:
    with pytest.raises(InvalidRule):
        choose(by_scores(*SIX), Top(2), **more)
    with pytest.raises(InvalidRule):
        advance(by_scores("90"), PerGroup({0: 1}), np.array([0.5]), at_line="chain", rounding="ceil", base=1)


def test_chain_and_draw_at_the_line() -> None:
    rule = single_rule(aggregate=Mean(), min_judges=1, ties=("highest",))
    ranking = rank(score_table([["90", "90"], ["80", "80"], ["70", "90"], ["80", "80"]], rule), rule)
    assert choose(ranking, Top(2), at_line="include_all") == [0, 1, 2, 3]
    assert choose(ranking, Top(2), at_line="exclude_all") == [0]
    assert choose(ranking, Top(2), at_line="chain") == [0, 2]
    assert choose(ranking, Top(3), at_line="chain") == [0, 1, 2, 3]
    assert len(choose(ranking, Top(3), at_line="draw", seed="s")) == 3
    with pytest.raises(InvalidRule):
        choose(ranking, Top(3), at_line="draw")


@pytest.mark.parametrize("settings", [{"at_line": "maybe"}, {"rounding": "up"}, {"base": -1}])
def test_contradictory_selections_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(InvalidRule):
        choose(by_scores(*SIX), Percent(30), **settings)
    with pytest.raises(InvalidRule):
        choose(by_scores(*SIX), PerGroup(Top(1)))
