"""Small real office files and PDFs with words in every place where a name can hide."""

from __future__ import annotations

import io

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from .files import picture, zipped

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
CORE = 'xmlns:cp="c" xmlns:dc="d"'


def core(mark: str) -> bytes:
    people = f"<dc:creator>{mark}</dc:creator><cp:lastModifiedBy>{mark}</cp:lastModifiedBy>"
    return f"<cp:coreProperties {CORE}>{people}</cp:coreProperties>".encode()


def word(body: str = "正文", **parts: str | bytes) -> bytes:
    """A .docx; ``parts`` such as ``header1`` are XML of ``word/header1.xml``."""
    members: dict[str, bytes] = {
        "[Content_Types].xml": b"<Types/>",
        "word/document.xml": f"<w:document {W}><w:body><w:p><w:r><w:t>{body}</w:t></w:r></w:p></w:body></w:document>".encode(),
    }
    for name, text in parts.items():
        content = text if isinstance(text, bytes) else f"<w:part {W}><w:p>{text}</w:p></w:part>".encode()
        members[f"word/{name}.xml" if "/" not in name else name] = content
    return zipped(members)


def slides(text: str = "要点", notes: str = "", media: str = "image1.png", **more: bytes) -> bytes:
    members = {
        "[Content_Types].xml": b"<Types/>", "ppt/presentation.xml": f"<p:presentation {A}/>".encode(),
        "ppt/slides/slide1.xml": f"<p:sld {A}><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>".encode(),
        f"ppt/media/{media}": picture(), **more,
    }  # fmt: skip
    if notes:
        members["ppt/notesSlides/notesSlide1.xml"] = f"<p:notes {A}><a:p><a:r><a:t>{notes}</a:t></a:r></a:p></p:notes>".encode()
    return zipped(members)


def table(shared: str = "数据", inline: str = "", **more: bytes) -> bytes:
    members = {
        "[Content_Types].xml": b"<Types/>", "xl/workbook.xml": f"<workbook {S}/>".encode(),
        "xl/sharedStrings.xml": f"<sst {S}><si><t>{shared}</t></si></sst>".encode(),
        "xl/worksheets/sheet1.xml": f"<worksheet {S}><c t='inlineStr'><is><t>{inline}</t></is></c></worksheet>".encode(), **more,
    }  # fmt: skip
    return zipped(members)


def pdf_with(*pages: str) -> bytes:
    """A PDF whose pages show these words; an empty one is a page without words."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    sheet = canvas.Canvas(out)
    for text in pages:
        sheet.setFont("STSong-Light", 12)
        if text:
            sheet.drawString(72, 720, text)
        sheet.showPage()
    sheet.save()
    return out.getvalue()
