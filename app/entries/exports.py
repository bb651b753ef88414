"""The entries table as an Excel file: the same rows and columns as on the page, texts as texts, no formula, no link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.calls.models import Edition
from app.calls.policies import can_manage_edition
from app.core.authz import Actor, Verdict, deny
from app.core.clock import local
from app.core.later import later
from app.downloads.kinds import Kind, Params, Report, offer

from .queries.table import all_rows, read_view

if TYPE_CHECKING:
    import xlsxwriter
else:
    xlsxwriter = later("xlsxwriter")

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH = 22
#: Tables with more rows are made in the background.
LONG_TABLE = 1000
HEADS = {
    "public_code": _l("Number"), "title": _l("Title"), "state": _l("State"), "call": _l("Call"), "unit": _l("Leading unit"),
    "leader": _l("Team leader"), "submitted": _l("Time of handing in"), "version": _l("Version"), "changed": _l("Last change"),
    "due": _l("Due again"), "area": _l("Area code"), "code": _l("Team's code"), "score": _l("Score"),
}  # fmt: skip


def entries_workbook(rows: Iterable[Row[Any]], columns: tuple[str, ...], heads: Mapping[str, object], zone: str) -> bytes:
    """One sheet; moments in the edition's zone."""
    out = BytesIO()
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(out, safe) as book:
        sheet = book.add_worksheet("entries")
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(0, len(columns) - 1), WIDTH)
        for place, name in enumerate(columns):
            sheet.write_string(0, place, str(heads[name]), bold)
        number = 0
        for number, row in enumerate(rows, 1):
            for place, name in enumerate(columns):
                sheet.write_string(number, place, _text(getattr(row, f"c_{name}"), zone))
        sheet.autofilter(0, 0, number, max(0, len(columns) - 1))
    return out.getvalue()


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
