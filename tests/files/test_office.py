"""Every word of an office file is found, wherever it stands; what cannot be read is said to be so."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from app.files.office import UnreadableError, passages
from tests.factories.office import core, slides, table, word

NAME = "欧阳甲午"


def places(content: bytes) -> set[str]:
    return {passage.place for passage in passages(BytesIO(content)) if NAME in passage.text}


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (word(NAME), "body"),
        (word("</w:t></w:r><w:r><w:t>欧阳</w:t></w:r><w:r><w:rPr/><w:t>甲午"), "body"),
        (word(header1=f"<w:r><w:t>{NAME}</w:t></w:r>"), "header"),
        (word(footer2=f"<w:r><w:t>{NAME}</w:t></w:r>"), "header"),
        (word(footnotes=f"<w:r><w:t>{NAME}</w:t></w:r>"), "footnotes"),
        (word(comments=f"<w:r><w:t>{NAME}</w:t></w:r>"), "comments"),
        (word(document2=f"<w:ins w:author='{NAME}'/>"), "body"),
        (word(document2=f"<w:del><w:r><w:delText>{NAME}</w:delText></w:r></w:del>"), "body"),
        (word(document2=f"<w:r><w:instrText>HYPERLINK {NAME}</w:instrText></w:r>"), "body"),
        (word(**{"docProps/core.xml": core(NAME)}), "properties"),
        (word(**{"customXml/item1.xml": f"<a>x<b/>{NAME}</a>".encode()}), "properties"),
        (word(**{"word/_rels/document.xml.rels": f"<R Target='file:///C:/Users/{NAME}/a.png'/>".encode()}), "links"),
        (word(**{"word/embeddings/oleObject1.bin": f"\0\1{NAME}".encode("utf-16-le")}), "parts"),
        (word(**{"word/embeddings/old.bin": NAME.encode("gb18030")}), "parts"),
        (word(**{"word/embeddings/sheet.xlsx": table(NAME)}), "body"),
        (slides(NAME), "body"),
        (slides(notes=NAME), "notes"),
        (slides(media=f"{NAME}.png"), "parts"),
        (table(NAME), "body"),
        (table(inline=NAME), "body"),
        (table(**{"xl/comments1.xml": f"<comments><comment><text><t>{NAME}</t></text></comment></comments>".encode()}), "comments"),
        (table(**{"xl/worksheets/sheet2.xml": f"<w><f>CONCAT({NAME})</f></w>".encode()}), "body"),
        (word(**{"word/document3.xml": f"<?xml version='1.0' encoding='utf-16'?><a>{NAME}</a>".encode("utf-16")}), "body"),
    ],
)
def test_a_name_is_found_in_every_place(content: bytes, place: str) -> None:
    assert places(content) == {place}


def test_paragraphs_are_kept_apart() -> None:
    content = word("欧阳</w:t></w:r></w:p><w:p><w:r><w:t>甲午")
    assert [p.text for p in passages(BytesIO(content)) if p.is_prose] == ["欧阳", "甲午"]


@pytest.mark.parametrize(
    "broken",
    [
        word(document2=b"<a>"), word(document2=b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), b"no archive",
        word(**{"word/embeddings/sheet.xlsx": b"no archive"}),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_not_taken_for_clean(broken: bytes) -> None:
    with pytest.raises(UnreadableError):
        list(passages(BytesIO(broken)))


def test_a_long_part_is_read_piece_by_piece() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<a>" + b"<p>" + "字".encode() * 400_000 + b"</p></a>")
    texts = [p.text for p in passages(BytesIO(out.getvalue())) if p.is_prose]
    assert sum(map(len, texts)) == 400_000
    assert max(map(len, texts)) < 200_000
