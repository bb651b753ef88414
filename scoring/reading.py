"""Rows of Python objects to `Marks`: column by column, every distinct text parsed once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter

import numpy as np

from scoring.arrays import Bools, Ints
from scoring.errors import InvalidMark
from scoring.rounding import parse_units
from scoring.rule import Rule

Row = tuple[str, str, str, str | int | Decimal | None]
Columns = list[list[object]]
COLUMNS = ("entry", "judge", "criterion")
TEXTS = {str, type(None)}


@dataclass(frozen=True, eq=False)
class Read:
    """Columns entry, judge, criterion, value of the given marks; status of pairs by position; ids by position."""

    columns: tuple[Ints, Ints, Ints, Ints]
    status: Mapping[tuple[int, int], str]
    entries: tuple[str, ...]
    judges: tuple[str, ...]


def read_rows(
    rows: Iterable[Row],
    rule: Rule,
    entries: Sequence[str],
    judges: Sequence[str],
    status: Mapping[tuple[str, str], str],
) -> Read:
    """Positions and minor units of every given mark; a pair with a missing criterion is pending. Raises InvalidMark."""
    listed = list(rows)
    columns = _columns(listed)
    in_sheets = _in_sheets(columns, len(rule.criteria))
    per = len(rule.criteria) if in_sheets else 1
    firsts = columns[0][::per], columns[1][::per]
    entry_ids = _ids(firsts[0], [e for e, _ in status], entries, "entry")
    judge_ids = _ids(firsts[1], [j for _, j in status], judges, "judge")
    criterion_at = {c.id: k for k, c in enumerate(rule.criteria)}
    e, j = np.repeat(_positions(firsts[0], entry_ids, "entry"), per), np.repeat(_positions(firsts[1], judge_ids, "judge"), per)
    if per > 1:
        c = np.tile(_positions(columns[2][:per], criterion_at, "criterion"), len(firsts[0]))
    else:
        c = _positions(columns[2], criterion_at, "criterion")
    parsed = _parse(columns[3], listed, rule.mark_decimals)
    value, given = _values(columns[3], parsed)
    _refuse_twice(listed, (e * max(len(judge_ids), 1) + j) * len(criterion_at) + c)
    declared = _declared(status, entry_ids, judge_ids)
    pending: dict[tuple[int, int], str] = {}
    if not (in_sheets and given.all()):  # whole sheets without a gap leave nobody pending
        pending = _pending(e, j, given, len(judge_ids), len(criterion_at), declared)
        e, j, c, value = e[given], j[given], c[given], value[given]
    return Read((e, j, c, value), {**pending, **declared}, tuple(entry_ids), tuple(judge_ids))


def _in_sheets(columns: Columns, per: int) -> bool:
    """True when the rows come sheet by sheet, always in the same order of criteria: then a sheet is looked up once."""
    entry, judge, criterion, _ = columns
    if per < 2 or not criterion or len(criterion) % per or criterion != criterion[:per] * (len(criterion) // per):
        return False
    return all(column[k::per] == column[::per] for column in (entry, judge) for k in range(1, per))


def _values(raw: list[object], parsed: Mapping[object, int | None]) -> tuple[Ints, Bools]:
    if None not in parsed:
        return np.fromiter(map(parsed.__getitem__, raw), np.int64, len(raw)), np.ones(len(raw), bool)
    return np.array([parsed[v] or 0 for v in raw], np.int64), np.array([v is not None for v in raw], bool)


def _declared(status: Mapping[tuple[str, str], str], entries: Mapping[str, int], judges: Mapping[str, int]) -> dict[tuple[int, int], str]:
    for e, j in status:
        if e not in entries or j not in judges:
            raise InvalidMark("a status for a pair outside the lists", {"entry": e, "judge": j})
    return {(entries[e], judges[j]): known for (e, j), known in status.items()}


def _columns(rows: list[Row]) -> Columns:
    try:
        whole = list(map(len, rows)).count(4) == len(rows)
    except TypeError:
        whole = False
    if not whole:
        short = next(repr(r) for r in rows if not isinstance(r, (tuple, list)) or len(r) != 4)
        raise InvalidMark("a row is (entry, judge, criterion, mark)", {"row": short[:80]})
    return [list(map(itemgetter(k), rows)) for k in range(4)]


def _ids(column: list[object], more: list[str], given: Sequence[str], what: str) -> dict[str, int]:
    if given:
        if len(set(given)) != len(given):
            raise InvalidMark(f"the same {what} listed twice", {what: next(g for g in given if list(given).count(g) > 1)})
        return {name: k for k, name in enumerate(given)}
    ids: dict[str, int] = {}
    try:
        names = dict.fromkeys((*dict.fromkeys(column), *more))
    except TypeError:
        odd = next(name for name in column if not isinstance(name, str))
        raise InvalidMark(f"the id of the {what} is not a text", {what: repr(odd)[:40]}) from None
    for name in names:
        if not isinstance(name, str) or not name:
            raise InvalidMark(f"the id of the {what} is not a text", {what: repr(name)[:40]})
        ids[name] = len(ids)
    return ids


def _positions(column: list[object], ids: Mapping[str, int], what: str) -> Ints:
    try:
        return np.fromiter(map(ids.__getitem__, column), np.int64, len(column))  # type: ignore[arg-type]
    except (KeyError, TypeError):
        unknown = next(name for name in column if not isinstance(name, str) or name not in ids)
        raise InvalidMark(f"unknown {what}", {what: str(unknown)[:40]}) from None


def _parse(raw: list[object], rows: list[Row], decimals: int) -> dict[object, int | None]:
    """Minor units of every distinct value. Only texts (and gaps) are told apart by equality: the number 1 equals True."""
    parsed: dict[object, int | None] = {}
    try:
        distinct = set(raw)
        for value in distinct if set(map(type, distinct)) <= TEXTS else raw:
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
                raise InvalidMark(
                    "the same judge marked the same criterion of the same entry twice",
                    dict(zip(COLUMNS, row, strict=False)),
                )
            seen.add(key)


def _pending(
    e: Ints, j: Ints, given: Bools, n_judges: int, n_criteria: int, declared: Mapping[tuple[int, int], str]
) -> dict[tuple[int, int], str]:
    """Pairs that appear in the rows but lack a criterion."""
    pair = e * max(n_judges, 1) + j
    seen, marked = np.bincount(pair), np.bincount(pair[given], minlength=int(pair.max()) + 1 if pair.size else 0)
    incomplete = np.nonzero((seen > 0) & (marked < n_criteria))[0]
    places = ((int(p) // n_judges, int(p) % n_judges) for p in incomplete)
    return dict.fromkeys((place for place in places if place not in declared), "pending")
