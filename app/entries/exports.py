"""The entries table as an Excel file: the same rows and columns as on the page, texts as texts, no formula, no link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from typing import Any

import xlsxwriter
from sqlalchemy import Row

from app.core.clock import local

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH = 22


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
