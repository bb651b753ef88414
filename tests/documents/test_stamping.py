"""Stamped pages look like laid out ones, keep their words as text and carry only the letters they show."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import segno
from flask import Flask, render_template
from pypdf import PdfReader

from app.documents.errors import GlyphsMissing
from app.documents.letters import is_plain
from app.documents.lines import break_lines
from app.documents.pdf import pages_to_pdf
from app.documents.stamping import Stamp
from app.results.documents import certificates
from app.results.documents.setting import words_of
from app.results.queries.awards import Sheet

SHEET = Sheet(
    number="ZS-2026-000001", locale="zh_CN", holder="赵子涵、周文博", entry="高效节能离心泵研究与产业化示范第3号", unit="虎丘泵业有限公司",
    edition="2026年澄湖杯创新创业大赛", level="一等奖", call="智能制造·初创组", host="澄湖市科学技术局", host_id=0, code="ABCD2345EFGH",
    digest="d" * 64, issued_at=datetime(2026, 11, 20, tzinfo=UTC), zone="Asia/Shanghai", is_revoked=False,
)  # fmt: skip
ENGLISH = replace(
    SHEET, locale="en", number="ZS-2026-000002", holder="Li Hua, 周文博", entry="Pumps for everyone", level="First Prize", unit="Pump Works"
)


@pytest.fixture
def made(app: Flask, session):  # type: ignore[no-untyped-def]
    """Files of the sheets, by number."""

    def make(*sheets: Sheet) -> dict[str, bytes]:
        with app.test_request_context():
            batch = certificates.Batch(session, sheets)
            return {sheet.number: batch.file(sheet) for sheet in sheets}

    return make


def places(pdf: bytes) -> dict[str, tuple[float, float]]:
    """Where each character first stands: (x, y) of its line, without spaces between."""
    found: dict[str, tuple[float, float]] = {}

    def note(text, transform, matrix, _font, _size):  # type: ignore[no-untyped-def]
        for character in text.strip():
            x, y = matrix[4], matrix[5]
            left = transform[0] * x + transform[2] * y + transform[4]
            found.setdefault(character, (left, transform[1] * x + transform[3] * y + transform[5]))

    PdfReader(io.BytesIO(pdf)).pages[0].extract_text(visitor_text=note)
    return found


def words(pdf: bytes) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_every_word_of_the_sheet_is_there_as_text(made) -> None:
    files = made(SHEET, ENGLISH)
    chinese, english = words(files[SHEET.number]), words(files[ENGLISH.number])
    for text in (SHEET.number, SHEET.holder, SHEET.entry, SHEET.edition, SHEET.call, SHEET.level, SHEET.unit, SHEET.host, "2026年11月20日"):
        assert text in chinese
    for text in (ENGLISH.number, "LiHua,周文博", "Pumpsforeveryone", "FirstPrize", "PumpWorks", "CertificateofAward", "20Nov2026"):
        assert text in english
    assert "一等奖" not in english


def test_a_stamped_sheet_has_its_lines_where_the_full_layout_has_them(app: Flask, made) -> None:
    stamped = places(made(SHEET)[SHEET.number])
    with app.test_request_context():
        wrap = render_template("results/documents/certificates.html")
        full = places(pages_to_pdf([certificates.page(SHEET, words_of(SHEET))], wrap, "certificate"))
    for character in "编赵荣一虎扫局":
        assert abs(stamped[character][1] - full[character][1]) < 6, character


def test_a_file_carries_only_the_letters_that_it_shows(made) -> None:
    many = [replace(SHEET, number=f"ZS-2026-{n:06d}", entry="".join(chr(0x4E00 + n * 40 + i) for i in range(40))) for n in range(20)]
    files = made(*many)
    assert max(map(len, files.values())) < 45_000
    for page in (PdfReader(io.BytesIO(pdf)).pages[0] for pdf in files.values()):
        fonts = page["/Resources"]["/Font"].values()
        assert all(font["/DescendantFonts"][0]["/FontDescriptor"]["/FontFile3"].get_data() for font in fonts)


def test_a_revoked_sheet_says_so_and_stays_small(made) -> None:
    pdf = made(SHEET, replace(SHEET, number="ZS-2026-000009", is_revoked=True))["ZS-2026-000009"]
    assert "已撤销" in words(pdf)
    assert len(pdf) < 45_000


def test_the_printers_booklet_has_all_pages_in_order_and_its_fonts_once(app: Flask, session) -> None:
    sheets = [replace(SHEET, number=f"ZS-2026-{n:06d}") for n in range(7)]
    with app.test_request_context():
        parts = certificates.Batch(session, sheets).booklet()
    pages = PdfReader(io.BytesIO(parts[0])).pages
    assert len(parts) == 1
    assert [sheet.number in page.extract_text() for sheet, page in zip(sheets, pages, strict=True)] == [True] * 7
    assert len({page["/Resources"].raw_get("/Font").idnum for page in pages}) == 1


def test_a_name_that_has_to_be_shaped_goes_through_the_full_layout_or_is_refused(made) -> None:
    sheet = replace(SHEET, holder="Nguye\u0302\u0303n Minh")
    assert not is_plain(sheet.holder)
    assert SHEET.entry in words(made(sheet)[sheet.number])
    with pytest.raises(GlyphsMissing):
        made(replace(SHEET, holder="张\U000323af三"))


def test_very_long_words_get_smaller_instead_of_falling_off_the_sheet(made) -> None:
    sheet = replace(SHEET, holder="、".join(f"欧阳明远{n}" for n in range(60)))
    lowest = min(y for character, (_x, y) in places(made(sheet)[sheet.number]).items() if character in "虎丘泵业")
    assert lowest > 147, "above the foot of the sheet"
    assert "欧阳明远59" in words(made(sheet)[sheet.number])


def test_the_code_on_the_sheet_is_the_one_of_its_verification_page() -> None:
    stamp = Stamp(0, "x")
    stamp.code("https://example.org/verify/ABCD", 0, 0, 100)
    matrix = segno.make("https://example.org/verify/ABCD", error="m", micro=False, boost_error=False, mask=0).matrix
    painted = set()
    module = 100 / len(matrix)
    for line in (line for line in stamp.content if line.endswith(b" re")):
        x, y, width, _height = (float(part) for part in line.split()[:4])
        row = round((100 - y) / module) - 1
        painted |= {(row, round(x / module) + step) for step in range(round(width / module))}
    assert painted == {(r, c) for r, row in enumerate(matrix) for c, dark in enumerate(row) if dark}


def test_no_fact_of_the_machine_is_in_the_file(made) -> None:
    metadata = PdfReader(io.BytesIO(made(SHEET)[SHEET.number])).metadata
    assert metadata == {"/Title": SHEET.number, "/Producer": "WeasyPrint, Jiebang"}


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("一二三四五六七八", 5, ["一二三四", "五六七八"]),
        ("参加2026年大赛", 6, ["参加", "2026年", "大赛"]),
        ("甲乙丙，丁戊", 3, ["甲乙", "丙，", "丁戊"]),
        ("（甲）（乙）", 4, ["（甲）", "（乙）"]),
        ("first prize of the year", 12, ["first prize", "of the year"]),
        ("unbreakable", 4, ["unbr", "eaka", "ble"]),
        ("", 5, [""]),
    ],
)
def test_lines_are_even_and_break_where_a_reader_expects_it(text: str, room: int, lines: list[str]) -> None:
    assert break_lines(text, room, len) == lines
