"""Numbers without gaps: one row a series, taken under its lock, given back when the transaction fails."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.documents.models import NumberSeries


def next_number(session: Session, *, series: str, count: int = 1) -> int:
    """The next number of the series (the first of ``count`` in a row). The row stays locked until the commit."""
    row = session.scalar(_locked(series))
    if row is None:
        row = _first(session, series)
    first = row.last + 1
    row.last += count
    session.flush()  # the next number in this transaction is the next one
    return first


def numbered(session: Session, *, prefix: str, year: int, width: int = 4) -> str:
    """A printed number such as ``GS-2026-0007``: each prefix counts from one every year."""
    return f"{prefix}-{year}-{next_number(session, series=f'{prefix}:{year}'):0{width}d}"


def _locked(series: str) -> Select[NumberSeries]:
    return select(NumberSeries).where(NumberSeries.name == series).with_for_update().execution_options(populate_existing=True)


def _first(session: Session, series: str) -> NumberSeries:
    """Begin a series; when another transaction began it at the same moment, wait for that one."""
    try:
        with session.begin_nested():
            row = NumberSeries(name=series, last=0)
            session.add(row)
    except IntegrityError:
        return session.scalars(_locked(series)).one()
    return row
