"""Twenty names that a spreadsheet would compute: in every file of ours they are text."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from app.documents.csvfile import csv_lines
from app.documents.excel import Sheet, workbook

PAYLOADS = [
    "=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "\0=1", "＝1+1", "＋1", "－1", "＠SUM(1)", "|cmd", "%0A=1",
    '=HYPERLINK("http://x","y")', "=WEBSERVICE(A1)", '="a"&"b"', "=1\n=2", "-2+3+cmd|' /C calc'!A0", "http://example.org/x",
]  # fmt: skip


@pytest.mark.parametrize("text", PAYLOADS)
def test_no_cell_of_a_csv_begins_a_formula(text: str) -> None:
    rows = list(csv.reader(io.StringIO(b"".join(csv_lines(["Name", "Rest"], [[text, "x"]])).decode("utf-8-sig"), newline="")))
    assert rows[0] == ["Name", "Rest"]
    assert rows[1][1] == "x"
    assert not rows[1][0].startswith(tuple("=+-@\t\r\0＝＋－＠|%"))
    assert text.replace("\0", "") in rows[1][0].replace("\r\n", "\n") or rows[1][0] == f"'{text}".replace("\0", "")


def test_an_excel_file_has_texts_and_no_formula_and_no_link() -> None:
    content = workbook([Sheet("S", [("Name", 10)], [[text] for text in PAYLOADS])])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert not any(b"<f>" in part or b"<f " in part for part in parts.values())
    assert not any("hyperlink" in name.lower() or b"<hyperlink" in part for name, part in parts.items())
    read = [row[0] for row in CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[1:]]
    assert [text for text in PAYLOADS if "\0" not in text and "\r" not in text and text not in read] == []


def test_an_excel_file_prints_across_the_paper_with_its_heads_on_every_page() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook([Sheet("S", [("Name", 10), ("Sum", 8)], [["a", 1], ["b", 2]])]))) as archive:
        sheet, book = archive.read("xl/worksheets/sheet1.xml").decode(), archive.read("xl/workbook.xml").decode()
    assert 'orientation="landscape"' in sheet
    assert '<autoFilter ref="A1:B3"/>' in sheet
    assert "S!$1:$1</definedName>" in book
