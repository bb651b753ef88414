"""The organizer's table of entries: filters, search, sorting and columns from closed lists; columns are selected, not objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Numeric, Row, Select, and_, case, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.calls.models import Call
from app.core.markup import pick
from app.entries.enums import EntryState
from app.entries.models import BlindCopy, Entry, EntryVersion, FormalCheck, SavedView

SIZES = (50, 250)
MAX_TERMS = 5
#: Column → what is selected. ``score`` is what results have shown; it is empty until they have.
COLUMNS: dict[str, Any] = {
    "public_code": Entry.public_code,
    "title": Entry.title,
    "state": Entry.state,
    "call": Call.name,
    "unit": Entry.unit_name,
    "leader": User.name,
    "submitted": Entry.submitted_at,
    "version": EntryVersion.number,
    "changed": Entry.changed_at,
    "due": Entry.due_at,
    "area": Entry.area_code,
    "code": Entry.code,
    "score": Entry.score_shown,
}
DEFAULT_COLUMNS = ("public_code", "title", "state", "call", "unit", "submitted")
SORTS: dict[str, Any] = {
    **{key: COLUMNS[key] for key in ("public_code", "state", "submitted", "version", "changed", "due", "area", "code", "unit")},
    "title": case((Entry.sort_key != "", Entry.sort_key), else_=Entry.title),
    "leader": case((User.sort_key != "", User.sort_key), else_=User.name),
    "call": Call.position,
    "score": cast(Entry.score_shown, Numeric(12, 4)),
}
#: Sorts that ``ix_entries_listing`` answers.
INDEXED = frozenset({"submitted", "score", "state"})


@dataclass(frozen=True)
class View:
    """What a reader asked for, already reduced to what exists."""

    q: str = ""
    states: tuple[str, ...] = ()
    call: str = ""
    columns: tuple[str, ...] = DEFAULT_COLUMNS
    sort: str = "-submitted"
    page: int = 1
    size: int = SIZES[0]

    def parameters(self, **changes: Any) -> dict[str, Any]:
        """The view as query parameters; what is usual is left out."""
        view = replace(self, **changes)
        given = {
            "q": view.q, "state": list(view.states), "call": view.call, "sort": view.sort if view.sort != "-submitted" else "",
            "cols": ",".join(view.columns) if view.columns != DEFAULT_COLUMNS else "", "page": view.page if view.page > 1 else "",
            "size": view.size if view.size != SIZES[0] else "",
        }  # fmt: skip
        return {key: value for key, value in given.items() if value}


def read_view(arguments: Mapping[str, Any], *, states: tuple[str, ...] = ()) -> View:
    """A view from query parameters (a MultiDict or a saved view); unknown columns, sorts and states are as if not there."""
    many = getattr(arguments, "getlist", lambda key: _as_list(arguments.get(key)))
    asked = [part for part in str(arguments.get("cols", "")).split(",") if part in COLUMNS]
    sort = str(arguments.get("sort", ""))
    size = str(arguments.get("size", ""))
    page = str(arguments.get("page", "1"))
    return View(
        q=str(arguments.get("q", "")).replace("\0", "").strip()[:100],
        states=tuple(s for s in many("state") if s in set(EntryState)) or states,
        call=str(arguments.get("call", ""))[:60].replace("\0", ""),
        columns=tuple(dict.fromkeys(asked)) or DEFAULT_COLUMNS,
        sort=sort if sort.removeprefix("-") in SORTS else "-submitted",
        page=max(1, int(page)) if page.isdecimal() and len(page) < 7 else 1,
        size=int(size) if size in {str(n) for n in SIZES} else SIZES[0],
    )


def _as_list(value: Any) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list | tuple) else [str(value)] if value else []


@dataclass(frozen=True)
class Counts:
    """How many entries are in each state and call, over the whole edition."""

    states: dict[str, int] = field(default_factory=dict)
    calls: dict[str, tuple[str, int]] = field(default_factory=dict)
    scored: int = 0
    cells: dict[tuple[str, str], int] = field(default_factory=dict)
    #: with a file that waits for the staff before judges get it
    held: int = 0

    @property
    def total(self) -> int:
        return sum(self.states.values())

    def matching(self, view: View) -> int:
        """How many have the call and the states that the view asks for, whatever its search words."""
        wanted = [n for (call, state), n in self.cells.items() if view.call in ("", call) and (not view.states or state in view.states)]
        return sum(wanted)


def counts(session: Session, edition_id: int) -> Counts:
    """One statement for the chips and the filter."""
    waiting = case((BlindCopy.undecided > 0, 1))
    rows = session.execute(
        select(
            Call.code,
            Call.name,
            Call.name_en,
            Call.position,
            Entry.state,
            func.count(Entry.id),
            func.count(Entry.score_shown),
            func.count(waiting),
        )
        .outerjoin(Entry, and_(Entry.edition_id == Call.edition_id, Entry.call_id == Call.id, _handed_in()))
        .outerjoin(BlindCopy, BlindCopy.entry_id == Entry.id)
        .where(Call.edition_id == edition_id)
        .group_by(Call.code, Call.name, Call.name_en, Call.position, Entry.state)
        .order_by(Call.position, Call.code)
    ).all()
    states: dict[str, int] = {}
    calls: dict[str, tuple[str, int]] = {}
    cells: dict[tuple[str, str], int] = {}
    for code, name, name_en, _position, state, number, _scored, _held in rows:
        calls[code] = (pick(name, name_en), calls.get(code, ("", 0))[1] + number)
        if state is not None:
            states[state.value] = states.get(state.value, 0) + number
            cells[code, state.value] = number
    return Counts(states, calls, sum(row[6] for row in rows), cells, sum(row[7] for row in rows))


def _handed_in() -> ColumnElement[bool]:
    """Drafts belong to their team alone."""
    return Entry.submitted_at.is_not(None)


def _selected(name: str) -> Any:
    """The column; a division by its name in the reader's language."""
    return func.coalesce(func.nullif(Call.name_en, ""), Call.name) if name == "call" and pick("", "en") else COLUMNS[name]


def _base(edition_id: int, view: View, *columns: Any) -> Select[Any]:
    query = (
        select(*columns).select_from(Entry).join(Call, Call.id == Entry.call_id).join(User, User.id == Entry.leader_id)
        .outerjoin(EntryVersion, EntryVersion.id == Entry.current_version_id)
        .where(Entry.edition_id == edition_id, _handed_in())
    )  # fmt: skip
    query = _in_states(query, view)
    if view.call:
        query = query.where(Call.code == view.call)
    for term in view.q.split()[:MAX_TERMS]:
        query = query.where(_matches(term))
    return query


def _in_states(query: Select[Any], view: View) -> Select[Any]:
    return query.where(Entry.state.in_([EntryState(s) for s in view.states])) if view.states else query


def _matches(term: str) -> ColumnElement[bool]:
    """The term anywhere in what the staff sees in the table; two Chinese characters are enough."""
    fields = (Entry.title, Entry.public_code, Entry.code, Entry.unit_name, User.name)
    return or_(*(column.icontains(term, autoescape=True) for column in fields))


def _ordered(query: Select[Any], view: View) -> Select[Any]:
    key = SORTS[view.sort.removeprefix("-")]
    return query.order_by((key.desc() if view.sort.startswith("-") else key.asc()).nulls_last(), Entry.id)


def rows(session: Session, edition_id: int, view: View, known: Counts) -> tuple[list[Row[Any]], int]:
    """The page's rows and the number of all matching ones, in one statement.

    Which rows stand on the page is decided on the index of the list where that is enough (a filter by state, the
    usual sorts): an entry carries its answers and is slow to read. Without search words the number follows from the counts.
    """
    total = func.count().over() if view.q else literal(known.matching(view))
    query = _base(edition_id, view, Entry.id, Entry.code.label("entry_code"), total, *(_selected(name) for name in view.columns))
    here = (view.page - 1) * view.size
    if view.q or view.call or view.sort.removeprefix("-") not in INDEXED:
        found = list(session.execute(_ordered(query, view).limit(view.size).offset(here)))
    else:
        narrow = _in_states(select(Entry.id).where(Entry.edition_id == edition_id, _handed_in()), view)
        on_page = _ordered(narrow, view).limit(view.size).offset(here)
        found = list(session.execute(_ordered(query.where(Entry.id.in_(on_page)), view)))
    return found, found[0][2] if found else 0


def values(row: Row[Any]) -> tuple[Any, ...]:
    """What such a row holds of the chosen columns, in their order."""
    return tuple(row)[3:]


def matching(session: Session, edition_id: int, view: View) -> int:
    """How many entries the view shows."""
    return session.scalar(_base(edition_id, view, func.count(Entry.id))) or 0


def all_rows(session: Session, edition_id: int, view: View) -> list[Row[Any]]:
    """The columns of every matching row, for the export."""
    return list(session.execute(_ordered(_base(edition_id, view, *(_selected(name).label(f"c_{name}") for name in view.columns)), view)))


def neighbours(session: Session, edition_id: int, view: View, code: str) -> tuple[str | None, str | None, int, int]:
    """The entries before and after this one in the same list, its place and the list's length."""
    codes = list(session.scalars(_ordered(_base(edition_id, view, Entry.code), view)))
    if code not in codes:
        return None, None, 0, len(codes)
    place = codes.index(code)
    return (codes[place - 1] if place else None), (codes[place + 1] if place + 1 < len(codes) else None), place + 1, len(codes)


def saved_views(session: Session, user_id: int, edition_id: int) -> list[SavedView]:
    mine = select(SavedView).where(SavedView.user_id == user_id, SavedView.edition_id == edition_id)
    return list(session.scalars(mine.order_by(SavedView.name)))


def checks_of(session: Session, entry_id: int) -> list[tuple[FormalCheck, str]]:
    """Every decision of the formal check with the officer's name, newest first."""
    query = select(FormalCheck, User.name).join(User, User.id == FormalCheck.officer_id).where(FormalCheck.entry_id == entry_id)
    return [(check, name) for check, name in session.execute(query.order_by(FormalCheck.id.desc()))]
