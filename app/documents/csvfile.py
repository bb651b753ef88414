"""CSV files: quoted by RFC 4180, with a mark for Excel's encoding, and nothing in them that a spreadsheet would compute."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

Cell = str | int | Decimal | None
#: What begins a formula, in half and full width; a leading quote makes a text of it.
STARTERS = tuple("=+-@\t\r\n\0＝＋－＠|%")
CHUNK = 500
CONTENT_TYPE = "text/csv"


def csv_lines(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The file in pieces of some hundred rows."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([plain(head) for head in heads])
    for number, row in enumerate(rows, 1):
        writer.writerow([plain(cell) if isinstance(cell, str) else cell for cell in row])
        if number % CHUNK == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def plain(text: str) -> str:
    """The text, marked as one where a spreadsheet would take it for a formula. NUL is in no text of ours; it would end the cell."""
    return f"'{text}".replace("\0", "") if text.startswith(STARTERS) else text
