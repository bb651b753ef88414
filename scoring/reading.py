"""Rows of Python objects to `Marks`: column by column, every distinct text parsed once."""

from collections.abc import Hashable, Iterable, Mapping, Sequence

import numpy as np

from scoring.arrays import Ints
from scoring.errors import InvalidMark
from scoring.marks import Marks, Row, Status
from scoring.rounding import parse_units
from scoring.rule import Rule

COLUMNS = ("entry", "judge", "criterion")


def read_rows(
    rows: Iterable[Row], rule: Rule, entries: Sequence[str], judges: Sequence[str], status: Mapping[tuple[str, str], Status | str]
) -> Marks:
    """See `Marks.from_rows`."""
    listed = list(rows)
    columns = _columns(listed)
    extra = list(status)
    entry_ids = _ids(columns[0], [e for e, _ in extra], entries, "entry")
    judge_ids = _ids(columns[1], [j for _, j in extra], judges, "judge")
    criterion_at = {c.id: k for k, c in enumerate(rule.criteria)}
    where = (_positions(columns[0], entry_ids, "entry"), _positions(columns[1], judge_ids, "judge"), _positions(columns[2], criterion_at, "criterion"))
    raw = columns[3]
    parsed = _parse(raw, listed, rule.mark_decimals)
    given = np.array([v is not None for v in raw], bool) if None in parsed.values() else np.ones(len(raw), bool)
    value = np.array([parsed[v] or 0 for v in raw] if not given.all() else list(map(parsed.__getitem__, raw)), np.int64)
    declared = {(entry_ids[e], judge_ids[j]): Status(s) for (e, j), s in status.items()}
    e, j, c = where
    _refuse_twice(listed, (e * max(len(judge_ids), 1) + j) * len(criterion_at) + c)
    pending = _pending(e, j, given, len(judge_ids), len(criterion_at), declared)
    marks = Marks(
        e[given], j[given], c[given], value[given], {**pending, **declared}, tuple(entry_ids), tuple(judge_ids), len(criterion_at)
    )
    marks.check(rule)
    return marks


def _columns(rows: list[Row]) -> tuple[tuple[object, ...], ...]:
    if not rows:
        return (), (), (), ()
    if set(map(len, rows)) != {4}:
        short = next(r for r in rows if len(r) != 4)
        raise InvalidMark("a row is (entry, judge, criterion, mark)", {"row": repr(short)[:80]})
    return tuple(zip(*rows, strict=True))


def _ids(column: tuple[object, ...], more: list[str], given: Sequence[str], what: str) -> dict[str, int]:
    if given:
        if len(set(given)) != len(given):
            raise InvalidMark(f"the same {what} listed twice", {what: next(g for g in given if list(given).count(g) > 1)})
        return {name: k for k, name in enumerate(given)}
    ids: dict[str, int] = {}
    for name in dict.fromkeys((*dict.fromkeys(column), *more)):
        if not isinstance(name, str) or not name:
            raise InvalidMark(f"an {what} id is a text" if what == "entry" else f"a {what} id is a text", {what: repr(name)[:40]})
        ids[name] = len(ids)
    return ids


def _positions(column: tuple[object, ...], ids: Mapping[str, int], what: str) -> Ints:
    try:
        return np.array(list(map(ids.__getitem__, column)), np.int64)  # type: ignore[arg-type]
    except (KeyError, TypeError):
        unknown = next(name for name in column if not isinstance(name, Hashable) or name not in ids)
        raise InvalidMark(f"unknown {what}", {what: str(unknown)[:40]}) from None


def _parse(raw: tuple[object, ...], rows: list[Row], decimals: int) -> dict[object, int | None]:
    allowed = set(map(type, raw)) - {str, int, type(None)}
    parsed: dict[object, int | None] = {}
    try:
        for value in set(raw) if not allowed else raw:
            parsed[value] = None if value is None else parse_units(value, decimals)
    except (InvalidMark, TypeError) as error:
        bad = next(r for r in rows if r[3] is not None and _fails(r[3], decimals))
        message = error.message if isinstance(error, InvalidMark) else "a mark is a number"
        raise InvalidMark(message, dict(zip(COLUMNS, bad, strict=False))) from None
    return parsed


def _fails(value: object, decimals: int) -> bool:
    try:
        parse_units(value, decimals)
    except InvalidMark:
        return True
    return False


def _refuse_twice(rows: list[Row], flat: Ints) -> None:
    if flat.size and int(np.bincount(flat).max()) > 1:
        seen: set[int] = set()
        for row, key in zip(rows, flat.tolist(), strict=True):
            if key in seen:
                raise InvalidMark("the same judge marked the same criterion of the same entry twice", dict(zip(COLUMNS, row, strict=False)))
            seen.add(key)


def _pending(e: Ints, j: Ints, given: np.ndarray, n_judges: int, n_criteria: int, declared: Mapping[tuple[int, int], Status]) -> dict[tuple[int, int], Status]:
    """Pairs that appear in the rows but lack a criterion."""
    pair = e * max(n_judges, 1) + j
    seen, marked = np.bincount(pair), np.bincount(pair[given], minlength=int(pair.max()) + 1 if pair.size else 0)
    incomplete = np.nonzero((seen > 0) & (marked < n_criteria))[0]
    places = ((int(p) // n_judges, int(p) % n_judges) for p in incomplete)
    return {place: Status.PENDING for place in places if place not in declared}
