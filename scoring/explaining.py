"""Builds the `Explanation` of one entry from its results, by the method of the rule."""

from fractions import Fraction

import numpy as np

from scoring.marks import Status
from scoring.methods import Borda, Categories, MajorityJudgement, Mean, Median, Ordinals, RankPoints, Total, Trimmed, Winsorised
from scoring.ordinals import majorities, ordinals
from scoring.results import Results, ResultStatus
from scoring.rounding import Round, format_fraction, format_units, round_ratio
from scoring.totals import Totals, weight_factors
from scoring.trace import Explanation, JudgeLine, Step


def explain_entry(r: Results, i: int) -> Explanation:
    """See `Results.explain`."""
    steps: list[Step] = []
    lines: tuple[JudgeLine, ...] = ()
    status = ResultStatus(int(r.status[i]))
    if r.totals is not None:
        lines = tuple(judge_line(r, r.totals, i, j) for j in _assigned(r.totals, i))
        steps += _absences(r, r.totals, i)
    if not r.scored[i]:
        steps.append(_refusal(r, i, status))
        return Explanation(r.entry_id(i), lines, tuple(steps), "", "", status.name.lower())
    steps += _parts(r, i) if r.totals is None else _method(r, r.totals, i)
    exact = format_fraction(r.exact(i))
    printed = format_units(int(r.printed[i]), r.rule.result_round.decimals)
    if r.deducted is not None and int(r.deducted[i]):
        taken = Fraction(int(r.deducted[i]), int(r.den[i]) * 10**r.rule.mark_decimals)
        steps.append(Step("explain.deducted", {"deducted": format_fraction(taken), "exact": exact}))
    mode = r.rule.result_round.mode
    steps += [Step("explain.rounded", {"mode": mode, "decimals": str(r.rule.result_round.decimals), "printed": printed})]
    return Explanation(r.entry_id(i), lines, tuple(steps), exact, printed, status.name.lower())


def _assigned(t: Totals, i: int) -> list[int]:
    """The judges of one entry: a few of the stage's hundreds."""
    return sorted({*np.flatnonzero(t.valid[i]).tolist(), *(j for j, _ in t.marks.unscored.get(i, ()))})


def _judges(r: Results, i: int, kept: int) -> list[int]:
    """The judges whose total was kept (1) or dropped (0)."""
    return np.flatnonzero(r.kept[i] == kept).tolist()


def judge_line(r: Results, t: Totals, i: int, j: int) -> JudgeLine:
    """One judge's total, marks and fate."""
    if not t.valid[i, j]:
        status = t.marks.status.get((i, j))
        fate = "substituted" if (i, j) in r.filled else "not_assigned" if status is None else status.value
        return JudgeLine(t.marks.judge_id(j), None, fate)
    marks = tuple((c.id, format_units(int(t.values[i, j, k]), r.rule.mark_decimals)) for k, c in enumerate(r.rule.criteria))
    fate = "kept" if r.kept[i, j] == 1 else "dropped"
    return JudgeLine(t.marks.judge_id(j), format_fraction(t.exact(i, j)), fate, marks)


def _absences(r: Results, t: Totals, i: int) -> list[Step]:
    steps = []
    for j, status in t.marks.unscored.get(i, ()):
        policy = {Status.ABSENT: r.rule.missing, Status.PENDING: r.rule.missing, Status.RECUSED: r.rule.recused}.get(status, "reduce")
        key = {"block": "blocked", "substitute": "substituted" if (i, j) in r.filled else "reduced"}.get(policy, "reduced")
        if status is Status.PENDING and key != "blocked":
            key = "pending"
        steps.append(Step(f"explain.{key}", {"judge": t.marks.judge_id(j), "why": status.value}))
    return steps


def _refusal(r: Results, i: int, status: ResultStatus) -> Step:
    if status is ResultStatus.GATED:
        return Step("explain.gated")
    if status is ResultStatus.BLOCKED:
        return Step("explain.blocked_result")
    return Step("explain.insufficient", {"n": str(int(r.n_valid[i])), "min_judges": str(r.rule.min_judges)})


def _parts(r: Results, i: int) -> list[Step]:
    unit = 10**r.rule.mark_decimals
    steps = []
    for part in r.parts:
        den = int(np.broadcast_to(np.asarray(part.den), part.num.shape)[i])
        score = format_fraction(Fraction(int(part.num[i]), den * unit))
        steps.append(Step("explain.part", {"part": part.id, "score": score, "weight": str(part.weight)}))
    return [*steps, Step("explain.combined", {"exact": format_fraction(r.exact(i))})]


def _method(r: Results, t: Totals, i: int) -> list[Step]:
    """The aggregation step itself, before deductions."""
    method, unit = r.rule.aggregate, 10**r.rule.mark_decimals
    before = Fraction(int(r.num[i]) + (int(r.deducted[i]) if r.deducted is not None else 0), int(r.den[i]) * unit)
    exact, n = format_fraction(before), str(int(r.n_valid[i]))
    if r.rule.trim_on == "criterion":
        return [*_by_criterion(r, t, i), Step("explain.by_criterion_sum", {"exact": exact})]
    if isinstance(method, Trimmed):
        return _trimmed(r, t, i, method, exact)
    if isinstance(method, Ordinals):
        return _ordinals(r, t, i, method, exact)
    if isinstance(method, Categories):
        return [*_categories(r, t, i, method), Step("explain.categories", {"exact": exact})]
    if isinstance(method, Winsorised):
        return [Step("explain.winsorised", {"n": n, "k_low": str(method.k_low), "k_high": str(method.k_high), "exact": exact})]
    if isinstance(method, (Mean, Total)):
        key = "explain.mean" if isinstance(method, Mean) else "explain.sum"
        return [Step(key, {"n": n, "formula": _formula(r, t, i, divide=isinstance(method, Mean)), "exact": exact})]
    key = {Median: "median", MajorityJudgement: "majority", Borda: "borda", RankPoints: "rank_points"}[type(method)]
    return [Step(f"explain.{key}", {"n": n, "exact": exact})]


def _formula(r: Results, t: Totals, i: int, *, divide: bool = True) -> str:
    kept = [format_fraction(t.exact(i, j)) for j in _judges(r, i, 1)]
    joined = "+".join(kept)
    if not divide:
        return joined
    return f"({joined})/{len(kept)}" if len(kept) > 1 else joined


def _trimmed(r: Results, t: Totals, i: int, method: Trimmed, exact: str) -> list[Step]:
    n, formula = int(r.n_valid[i]), _formula(r, t, i)
    if r.status[i] == ResultStatus.UNTRIMMED or not _judges(r, i, 0):
        values = {"n": str(n), "min_n": str(method.min_n), "formula": formula, "exact": exact}
        counted = r.n_valid + np.bincount([e for e, _ in r.substituted], minlength=r.n_valid.size)
        if method.alike and counted[i] >= method.min_n:
            return [Step("explain.untrimmed_alike", {**values, "least": str(int(counted[r.scored].min()))})]
        return [Step("explain.untrimmed", values)]
    dropped = sorted((t.exact(i, j), j) for j in _judges(r, i, 0))
    low, high = dropped[: method.k_low], dropped[method.k_low :]
    texts = [", ".join(format_fraction(v) for v, _ in side) for side in (low, high)]
    values = {"n": str(n), "m": str(n - len(dropped)), "low": texts[0], "high": texts[1], "formula": formula, "exact": exact}
    steps = [Step("explain.trimmed" if low and high else "explain.trimmed_low" if low else "explain.trimmed_high", values)]
    kept = {t.exact(i, j) for j in _judges(r, i, 1)}
    for side, extreme in ((low, "low"), (high, "high")):
        for value, j in side:
            if value in kept:
                steps.append(
                    Step(
                        "explain.equal_dropped",
                        {"extreme": extreme, "value": format_fraction(value), "judge": t.marks.judge_id(j)},
                    )
                )
    return steps


def _ordinals(r: Results, t: Totals, i: int, method: Ordinals, exact: str) -> list[Step]:
    """The place each judge gave, and the majority among these places."""
    mine = t.valid.T[:, i]
    doubled = ordinals(t.num.T, t.valid.T, method.equal)
    found = majorities(doubled, t.valid.T)
    n, place, size = (int(column[i]) for column in (found.n, found.place, found.size))
    inside, total = (format_fraction(Fraction(int(column[i]), 2)) for column in (found.inside, found.total))
    given = ", ".join(format_fraction(Fraction(int(value), 2)) for value in doubled[mine, i])
    values = {
        "n": str(n), "size": str(size), "majority": str(n // 2 + 1), "place": str(place), "entries": str(int((found.n > 0).sum())),
        "inside": inside, "total": total, "exact": exact,
    }  # fmt: skip
    return [Step("explain.ordinals", {"n": str(n), "places": given}), Step("explain.ordinals_majority", values)]


def _categories(r: Results, t: Totals, i: int, method: Categories) -> list[Step]:
    steps = []
    for k, weight in enumerate(method.weights):
        kept = [t.exact(i, j) for j in _judges(r, i, 1) if r.category is not None and r.category[j] == k]
        if kept:
            value = _median(kept) if isinstance(method.inner, Median) else sum(kept, Fraction(0)) / len(kept)
            values = {
                "category": str(k + 1),
                "n": str(len(kept)),
                "weight": str(weight),
                "exact": format_fraction(value),
            }
            steps.append(Step("explain.category", values))
    return steps


def _by_criterion(r: Results, t: Totals, i: int) -> list[Step]:
    """Each criterion's mean after dropping, rounded as declared, and what it adds to the sum."""
    factors, den = weight_factors(r.rule)
    steps = []
    for c in r.rule.marked:
        used = r.kept_by_criterion[i, :, c] == 1 if r.kept_by_criterion is not None else t.valid[i]
        mean = Fraction(int(t.values[i, used, c].sum()), int(used.sum()) * 10**r.rule.mark_decimals)
        mean = _rounded(mean, r.rule.criterion_round)
        component = _rounded(mean * factors[c] / den, r.rule.component_round)
        values = {"criterion": r.rule.criteria[c].id, "mean": format_fraction(mean), "component": format_fraction(component)}
        steps.append(Step("explain.by_criterion", values))
    return steps


def _rounded(value: Fraction, rounding: Round | None) -> Fraction:
    if rounding is None:
        return value
    unit = 10**rounding.decimals
    return Fraction(round_ratio(value.numerator * unit, value.denominator, rounding.mode), unit)


def _median(values: list[Fraction]) -> Fraction:
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
