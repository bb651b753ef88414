"""The entries table as an Excel file: the same rows and columns as on the page, texts as texts, no formula, no link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.calls.models import Edition
from app.calls.policies import can_manage_edition
from app.core.authz import Actor, Verdict, deny
from app.core.clock import local
from app.documents.excel import Sheet, workbook
from app.downloads.kinds import Kind, Params, Report, offer

from .queries.table import all_rows, read_view

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH = 20
#: Tables with more rows are made in the background.
LONG_TABLE = 1000
HEADS = {
    "public_code": _l("Number"), "title": _l("Title"), "state": _l("State"), "call": _l("Call"), "unit": _l("Leading unit"),
    "leader": _l("Team leader"), "submitted": _l("Time of handing in"), "version": _l("Version"), "changed": _l("Last change"),
    "due": _l("Due again"), "area": _l("Area code"), "code": _l("Team's code"), "score": _l("Score"),
}  # fmt: skip


#: Characters a column is wide; what is not named is as wide as a date and time.
WIDTHS = {
    "public_code": 12,
    "title": 40,
    "state": 12,
    "call": 28,
    "unit": 32,
    "leader": 12,
    "version": 8,
    "area": 12,
    "code": 12,
    "score": 10,
}


def entries_workbook(rows: Iterable[Row[Any]], columns: tuple[str, ...], heads: Mapping[str, object], zone: str) -> bytes:
    """One sheet; moments in the edition's zone."""
    named = [(str(heads[name]), WIDTHS.get(name, WIDTH)) for name in columns]
    cells = ([_text(getattr(row, f"c_{name}"), zone) for name in columns] for row in rows)
    return workbook([Sheet(_("Entries"), named, cells)])


def _text(value: Any, zone: str) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return local(value, zone).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, StrEnum):
        return str(value.label)  # type: ignore[attr-defined]
    return str(value)


# --- the long one ------------------------------------------------------------------------------------------------------


def _may(session: Session, actor: Actor, params: Params) -> Verdict:
    edition = session.get(Edition, params["edition_id"])
    return can_manage_edition(actor, edition) if edition is not None else deny(_("This edition is not there any more."))


def _make(session: Session, params: Params, locale: str, target: Path, report: Report) -> None:
    """The view as it was ordered, by the same query as the page."""
    edition, view = session.get_one(Edition, params["edition_id"]), read_view(params["view"])
    report(0, 1)
    target.write_bytes(entries_workbook(all_rows(session, edition.id, view), view.columns, HEADS, edition.zone))


TABLE = offer(Kind("entries.table", "xlsx", CONTENT_TYPE, _make, _may, "staff"))
