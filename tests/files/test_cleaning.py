"""Cleaned copies hold no trace of their maker."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pypdf
import pytest
from PIL import Image
from pypdf.annotations import FreeText
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from app.files.cleaning import clean_copy, page_texts
from tests.factories.files import docx, picture

CANARY = "Canary-Li-Hua-7731"


def on_disk(tmp_path, content: bytes, name: str):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def marked_pdf() -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Author": CANARY, "/Title": CANARY, "/Creator": CANARY})
    writer.xmp_metadata = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><dc xmlns='d'>{CANARY}</dc></x:xmpmeta>".encode()
    writer.add_attachment(f"{CANARY}.txt", CANARY.encode())
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(f"app.alert('{CANARY}')")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    note = FreeText(text=CANARY, rect=(50, 50, 150, 100))
    writer.add_annotation(0, note)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def everything_in(content: bytes) -> bytes:
    """The bytes, and where it is an archive or a PDF, its unpacked parts and names too."""
    seen = content
    if zipfile.is_zipfile(BytesIO(content)):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            seen += b"".join(name.encode() + archive.read(name) for name in archive.namelist())
    if content.startswith(b"%PDF"):
        reader = pypdf.PdfReader(BytesIO(content))
        seen += repr(reader.metadata).encode() + repr(reader.trailer["/Root"]).encode()
        for number in range(len(reader.xref_objStm) + 60):
            try:
                thing = reader.get_object(number)
                seen += repr(thing).encode() + (thing.get_data() if hasattr(thing, "get_data") else b"")
            except Exception:  # noqa: BLE001
                continue
    return seen


def test_a_pdf_loses_properties_xmp_attachments_scripts_and_comments(tmp_path):
    before = marked_pdf()
    assert CANARY.encode() in everything_in(before)
    after = clean_copy(on_disk(tmp_path, before, "a.pdf"), "a.pdf")
    assert CANARY.encode() not in everything_in(after)
    assert len(pypdf.PdfReader(BytesIO(after)).pages) == 1


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png")])
def test_a_picture_loses_exif_and_keeps_its_size(tmp_path, kind, name):
    exif = Image.Exif()
    exif[0x013B] = CANARY
    exif[0x8298] = CANARY
    before = picture(kind, exif=exif.tobytes())
    assert CANARY.encode() in before
    after = clean_copy(on_disk(tmp_path, before, name), name)
    assert CANARY.encode() not in after
    assert Image.open(BytesIO(after)).size == (8, 8)


def test_a_document_loses_properties_authors_of_changes_and_comments(tmp_path):
    mark = CANARY.encode()
    before = docx(
        **{
            "docProps__core.xml": b"<cp><dc:creator>" + mark + b"</dc:creator><cp:lastModifiedBy>" + mark + b"</cp:lastModifiedBy></cp>",
            "docProps__app.xml": b"<P><Company>" + mark + b"</Company></P>",
            "docProps__custom.xml": b"<P><vt:lpwstr>" + mark + b"</vt:lpwstr></P>",
            "docProps__thumbnail.wmf": b"a small picture of the first page: " + mark,
            "word__comments.xml": b'<w:comment w:author="' + mark + b'"><w:t>' + mark + b"</w:t></w:comment>",
            "word__settings.xml": b'<w:ins w:author="' + mark + b'" w:initials="' + mark + b'"/>',
            "word__media__image1.jpeg": picture("JPEG"),
        }
    )
    after = clean_copy(on_disk(tmp_path, before, "a.docx"), "a.docx")
    assert mark not in everything_in(after)
    assert b"<document>text</document>" in everything_in(after)


def test_what_cannot_be_cleaned_has_no_copy(tmp_path):
    assert clean_copy(on_disk(tmp_path, b"\xd0\xcf\x11\xe0", "a.doc"), "a.doc") is None
    assert clean_copy(on_disk(tmp_path, b"x", "a.zip"), "a.zip") is None


def test_an_empty_page_has_no_words(tmp_path):
    assert [number for number, _text in page_texts(on_disk(tmp_path, marked_pdf(), "a.pdf"))] == [1]
