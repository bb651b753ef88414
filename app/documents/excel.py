"""Excel files: every cell is text unless it is a number of ours, so that no name becomes a formula or a link."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from app.core.later import later

if TYPE_CHECKING:
    import xlsxwriter
else:
    xlsxwriter = later("xlsxwriter")


Cell = str | int | Decimal | date | None
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
LONGEST = 32_000


@dataclass(frozen=True)
class Sheet:
    """One sheet: a name, heads with the width of their column in characters, and rows."""

    name: str
    heads: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Cell]]


def workbook(sheets: Sequence[Sheet], *, author: str = "", note: str = "") -> bytes:
    """The file's bytes. ``note`` is written into its properties (print time, digest)."""
    buffer = io.BytesIO()
    write_workbook(buffer, sheets, author=author, note=note)
    return buffer.getvalue()


def write_workbook(target: io.BytesIO | str, sheets: Sequence[Sheet], *, author: str = "", note: str = "") -> None:
    """The same into a file of that path, row by row: memory does not grow with the rows."""
    in_memory = not isinstance(target, str)
    book = xlsxwriter.Workbook(target, {**OPTIONS, "in_memory": in_memory})
    book.set_properties({"author": author, "comments": note})
    head = book.add_format({"bold": True, "bg_color": "#E9EFEF", "border": 1, "text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for sheet in sheets:
        page = book.add_worksheet(_sheet_name(sheet.name))
        page.freeze_panes(1, 0)
        for column, (title, width) in enumerate(sheet.heads):
            page.set_column(column, column, width)
            page.write_string(0, column, title, head)
        _ready_for_paper(page)
        number = 0
        for number, row in enumerate(sheet.rows, start=1):
            for column, value in enumerate(row):
                _write(page, number, column, value, day)
        if sheet.heads:
            page.autofilter(0, 0, number, len(sheet.heads) - 1)
    book.close()


def _ready_for_paper(page: xlsxwriter.worksheet.Worksheet) -> None:
    """A4 across, all columns on one page wide, the heads on every page, the number of the page below."""
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_footer("&C&P / &N")


def _write(page: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: Cell, day: object) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, int | Decimal):
        page.write_number(row, column, value)
    elif isinstance(value, datetime):
        page.write_string(row, column, value.isoformat(timespec="seconds"))
    elif isinstance(value, date):
        page.write_datetime(row, column, value, day)
    else:
        page.write_string(row, column, _CONTROL.sub("", str(value))[:LONGEST])


def _sheet_name(name: str) -> str:
    """Excel refuses some characters and more than 31 of them."""
    return re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:31] or "Sheet"
