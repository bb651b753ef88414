"""Who advances, beside a plain definition and by changing one score at a time; registered beside the other properties."""

import random
from decimal import Decimal
from itertools import combinations
from typing import Any

import numpy as np

from scoring import Advance, Percent, PerGroup, Ranking, Rule, Spread, Threshold, Top, advance, rank
from tests.scoring.building import HUNDRED
from tests.scoring.properties import SEEDS, prop, single
from tests.scoring.slow_reference import selected

LINES = ("include_all", "exclude_all", "chain", "draw")
RULE = Rule(HUNDRED, min_judges=1, ties=("extra:turn:low",))  # type: ignore[arg-type]


def ranked(scores: list[int], turns: list[int]) -> Ranking:
    """Entries of these printed scores (hundredths); a lower turn goes before an equal score."""
    r = single([[score] for score in scores], RULE.aggregate, ties=RULE.ties)
    return rank(r, RULE, extra={"turn": np.array(turns)})


def applied(ranking: Ranking, quota: Any, group: list[int], line: Any, **more: Any) -> Advance:
    return advance(ranking, quota, np.array(group), at_line=line, rounding="half_up", base=ranking.rank.size, seed="s", **more)


def random_scores(rng: random.Random) -> tuple[list[int], list[int], list[int]]:
    """A few scores with many ties, turns with some ties, groups."""
    n = rng.randint(1, 9)
    return [6000 + rng.randint(0, 5) for _ in range(n)], [rng.randint(0, 2) for _ in range(n)], [rng.randint(0, 2) for _ in range(n)]


def chosen_plainly(scores: list[int], turns: list[int], group: list[int], quota: Any, line: str, gone: set[int]) -> set[int]:
    """The same quota by its definition; `gone` do not take part."""
    at = [i for i in range(len(scores)) if i not in gone]

    def among(places: list[int], n: int, mark: int | None = None) -> set[int]:
        inside = selected([scores[i] for i in places], [turns[i] for i in places], n, line, mark)
        return {places[k] for k in inside}

    if isinstance(quota, Top):
        return among(at, quota.n if quota.n > 0 else 99, quota.pass_mark)
    if isinstance(quota, Percent):
        return among(at, int(Decimal(str(quota.percent)) * len(scores) / 100 + Decimal("0.5")), quota.pass_mark)
    if isinstance(quota, Threshold):
        return among(at, quota.cap or 99, quota.score)
    return set().union(*(among([i for i in at if group[i] == g], quota.quotas.get(g, 0)) for g in set(group)))


def random_quota(rng: random.Random) -> Any:
    mark = rng.choice((None, 6002))
    return rng.choice((
        Top(rng.randint(0, 6), mark), Percent(rng.randint(1, 100), mark), Threshold(6002), Threshold(6002, rng.randint(1, 4)),
        PerGroup({g: rng.randint(0, 3) for g in range(3)}),
    ))  # fmt: skip


@prop(seed=SEEDS)
def selections_equal_their_plain_definition(seed: int) -> None:
    rng = random.Random(seed)
    scores, turns, group = random_scores(rng)
    quota, line, pull_up = random_quota(rng), rng.choice(LINES), rng.random() < 0.5
    gone = {i for i in range(len(scores)) if rng.random() < 0.2}
    made = applied(ranked(scores, turns), quota, group, line, withdrawn=sorted(gone), pull_up=pull_up)
    plain = chosen_plainly(scores, turns, group, quota, line, gone if pull_up else set()) - gone
    inside = set(np.nonzero(made.selected)[0].tolist())
    if line != "draw":
        assert inside == plain
    else:  # whoever is drawn, the lot only divides the equals that the chain would have taken together
        assert inside <= plain
        assert len(inside) <= len(plain)
    assert all(bool(made.selected[i]) == step.key.startswith("advance.in") for i, step in enumerate(made.steps))


@prop(seed=SEEDS)
def what_would_change_a_selection_does_change_it(seed: int) -> None:
    rng = random.Random(seed)
    scores, turns, group = random_scores(rng)
    quota, line = random_quota(rng), rng.choice(("include_all", "exclude_all", "chain"))
    before = applied(ranked(scores, turns), quota, group, line)

    def inside_at(i: int, score: int) -> bool:
        return bool(applied(ranked([*scores[:i], score, *scores[i + 1 :]], turns), quota, group, line).selected[i])

    for i, (step, own) in enumerate(zip(before.changes, scores, strict=True)):
        told = int(Decimal(step.values.get("line", "0")) * 100)
        if step.key == "change.in":
            assert not inside_at(i, told - 1)
            assert own - told == int(Decimal(step.values["gap"]) * 100)
        elif step.key == "change.out":
            assert inside_at(i, told)
            assert not inside_at(i, told - 1)
        elif step.key == "change.out_level":
            assert inside_at(i, told + 1)
            assert not inside_at(i, told - 1)
        elif step.key == "change.out_tie":
            assert inside_at(i, own + 1)
        else:
            assert inside_at(i, 0) == inside_at(i, 10000) == bool(before.selected[i])


@prop(seed=SEEDS)
def floors_and_ceilings_take_the_best_that_they_allow(seed: int) -> None:
    rng = random.Random(seed)
    n = rng.randint(1, 8)
    scores = rng.sample(range(5000, 5100), n)
    group = [rng.randint(0, 2) for _ in range(n)]
    floors = {g: rng.randint(0, 1) for g in range(3)}
    ceilings = {g: floors[g] + rng.randint(0, 2) for g in range(3) if rng.random() < 0.5}
    quota = Spread(sum(floors.values()) + rng.randint(0, 3), floors, ceilings)
    made = applied(ranked(scores, [0] * n), quota, group, "chain")
    sizes = {g: group.count(g) for g in range(3)}
    order = sorted(range(n), key=lambda i: -scores[i])

    def allowed(places: tuple[int, ...]) -> bool:
        counts = {g: sum(group[i] == g for i in places) for g in range(3)}
        return all(min(floors[g], sizes[g]) <= counts[g] <= ceilings.get(g, 99) for g in range(3))

    options = [places for size in range(min(quota.n, n), -1, -1) for places in combinations(order, size) if allowed(places)]
    largest = max(len(places) for places in options)
    best = max((p for p in options if len(p) == largest), key=lambda p: sorted((scores[i] for i in p), reverse=True))
    assert set(np.nonzero(made.selected)[0].tolist()) == set(best)
    for i, step in enumerate(made.changes):
        told = int(Decimal(step.values.get("line", "0")) * 100)
        if step.key in ("change.out", "change.out_level"):
            raised = applied(ranked([*scores[:i], told + 1, *scores[i + 1 :]], [0] * n), quota, group, "chain")
            assert raised.selected[i]
