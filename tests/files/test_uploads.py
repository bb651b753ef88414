"""What is taken in, what is refused and why; nothing of a refused file stays."""

from __future__ import annotations

import hashlib
import zipfile
from io import BytesIO
from pathlib import Path

import pypdf
import pytest

from app.files.errors import (
    ContentDiffers,
    Damaged,
    EmptyFile,
    FileRefused,
    HasMacros,
    Locked,
    NoFile,
    SuspiciousArchive,
    TooLarge,
    TooManyPages,
    TooManyPixels,
    TypeNotAllowed,
)
from app.files.inspection import inspect
from app.files.kinds import KINDS
from app.files.limits import Limits
from app.files.operations.storing import receive
from app.files.setup import storage
from app.files.storage import copy_stream
from tests.factories.files import ANY, docx, pdf, picture, upload, zipped

HTML = b"<!doctype html><script>alert(1)</script>"
PLAIN_ZIP = zipped({"a.txt": b"text"})


def bomb(size: int = 30_000_000) -> bytes:
    return zipped({"zeros.txt": b"\0" * size})


def linked() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("link")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return out.getvalue()


def locked_pdf() -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def lying() -> bytes:
    """The directory says that the member has one byte."""
    content = zipped({"a.txt": b"x" * 5000})
    size = (5000).to_bytes(4, "little")
    return content.replace(size, (1).to_bytes(4, "little"))


def overlapping() -> bytes:
    """Two members over the same bytes: the record of the second lies within the content of the first."""
    inner = zipped({"b.txt": b"x" * 500})
    record = inner[: inner.index(b"PK\x01\x02")]
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.txt", record)
        with zipfile.ZipFile(BytesIO(inner)) as other:
            second = other.infolist()[0]
        second.header_offset = 30 + len("a.txt")
        archive.filelist.append(second)
        archive.NameToInfo[second.filename] = second
    return out.getvalue()


GOOD = [
    (pdf(), "plan.pdf", "application/pdf"),
    (pdf(), "项目计划书.PDF", "application/octet-stream"),
    (picture("PNG"), "a.png", "image/png"),
    (picture("JPEG"), "a.jpg", "image/jpeg"),
    (picture("JPEG"), "a.jpeg", ""),
    (docx(), "a.docx", KINDS["docx"].content_type),
    (zipped({"[Content_Types].xml": b"<T/>", "xl/workbook.xml": b"<w/>"}), "a.xlsx", ""),
    (zipped({"[Content_Types].xml": b"<T/>", "ppt/presentation.xml": b"<p/>"}), "a.pptx", ""),
    (docx(word__embeddings__table_xlsx=zipped({"a": b"b"})), "embedded.docx", ""),
    (PLAIN_ZIP, "a.zip", "application/zip"),
    (zipped({"inner.zip": PLAIN_ZIP}), "one-inside.zip", ""),
    ("姓名,分数\n".encode(), "a.csv", "text/csv"),
    ("姓名,分数\n".encode("gb18030"), "a.csv", "application/vnd.ms-excel"),
    (b"plain words", "a.txt", "text/plain"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc", "application/msword"),
    (b"\0\0\0\x18ftypmp42" + b"\0" * 50, "a.mp4", "video/mp4"),
]
BAD = [
    (HTML, "a.pdf", "application/pdf", ContentDiffers),
    (b"junk\n" + pdf(), "a.pdf", "application/pdf", ContentDiffers),
    (pdf() + PLAIN_ZIP, "a.pdf", "application/pdf", ContentDiffers),
    (picture("JPEG") + PLAIN_ZIP, "a.jpg", "image/jpeg", ContentDiffers),
    (picture("PNG"), "a.jpg", "image/jpeg", ContentDiffers),
    (picture("JPEG"), "a.png", "image/png", ContentDiffers),
    (pdf(), "a.png", "image/png", ContentDiffers),
    (pdf(), "a.pdf", "text/html", ContentDiffers),
    (pdf(), "a.pdf", "image/png", ContentDiffers),
    (PLAIN_ZIP, "a.docx", "", ContentDiffers),
    (docx(), "a.xlsx", "", ContentDiffers),
    (docx(), "a.pdf", "", ContentDiffers),
    (HTML, "a.txt", "text/plain", ContentDiffers),
    (b"  \n<html>", "a.csv", "text/csv", ContentDiffers),
    (b"<?xml version='1.0'?><svg/>", "a.txt", "", ContentDiffers),
    (b"%PDF-1.4", "a.txt", "", ContentDiffers),
    (b"a\0b", "a.txt", "", ContentDiffers),
    (b"\xff\xfe\xff\xff", "a.txt", "", ContentDiffers),
    (b"MZ\x90\0", "a.doc", "", ContentDiffers),
    (b"MZ\x90\0", "a.mp4", "", ContentDiffers),
    (b"GIF89a" + b"\0" * 40, "a.png", "", ContentDiffers),
    (HTML, "a.html", "text/html", TypeNotAllowed),
    (b"<svg/>", "a.svg", "image/svg+xml", TypeNotAllowed),
    (b"MZ", "a.exe", "", TypeNotAllowed),
    (pdf(), "plan.pdf.exe", "", TypeNotAllowed),
    (pdf(), "evil\u202efdp.exe", "", TypeNotAllowed),
    (pdf(), "plan", "", TypeNotAllowed),
    (pdf(), ".pdf", "", TypeNotAllowed),
    (pdf(), "a.php", "", TypeNotAllowed),
    (pdf(), "a.pdf\0.exe", "", TypeNotAllowed),
    (b"", "a.pdf", "", EmptyFile),
    (b"%PDF-1.4\nnothing more", "a.pdf", "", Damaged),
    (pdf()[:-200], "a.pdf", "", None),
    (locked_pdf(), "a.pdf", "", Locked),
    (picture("PNG")[:-10], "a.png", "", Damaged),
    (b"\x89PNG\r\n\x1a\nnothing", "a.png", "", Damaged),
    (bomb(), "a.zip", "", SuspiciousArchive),
    (docx(word__media__zeros=b"\0" * 30_000_000), "a.docx", "", SuspiciousArchive),
    (zipped({f"{n}.txt": b"" for n in range(1001)}), "a.zip", "", SuspiciousArchive),
    (zipped({"../../etc/passwd": b"x"}), "a.zip", "", SuspiciousArchive),
    (zipped({"/etc/passwd": b"x"}), "a.zip", "", SuspiciousArchive),
    (zipped({"..\\..\\a": b"x"}), "a.zip", "", SuspiciousArchive),
    (zipped({"C:/a": b"x"}), "a.zip", "", SuspiciousArchive),
    (linked(), "a.zip", "", SuspiciousArchive),
    (overlapping(), "a.zip", "", SuspiciousArchive),
    (zipped({"1.zip": zipped({"2.zip": PLAIN_ZIP})}), "a.zip", "", SuspiciousArchive),
    (zipped({"1.zip": bomb()}), "a.zip", "", SuspiciousArchive),
    (zipped({"a.7z": b"7z\xbc\xaf"}), "a.zip", "", SuspiciousArchive),
    (docx(word__vbaProject_bin=b""), "a.docx", "", None),
    (docx(**{"word__vbaProject.bin": b"x"}), "a.docx", "", HasMacros),
    (docx(**{"word__styles.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}), "a.docx", "", SuspiciousArchive),
    (docx(**{"word__styles.xml": "<!DOCTYPE a SYSTEM 'file:///etc/passwd'>".encode("utf-16")}), "a.docx", "", SuspiciousArchive),
    (PLAIN_ZIP[:-10], "a.zip", "", Damaged),
    (b"PK\x03\x04nothing", "a.zip", "", Damaged),
    (lying(), "a.zip", "", FileRefused),
    (b"GIF89a" + b"/*" + b"\0" * 30 + PLAIN_ZIP, "gifar.jpg", "image/jpeg", ContentDiffers),
    (pdf() + HTML, "page.html.pdf", "text/html", ContentDiffers),
    (HTML + pdf(), "a.pdf", "application/pdf", ContentDiffers),
    (b"\xff\xd8\xff" + HTML, "a.jpg", "image/jpeg", Damaged),
    (b"%!PS-Adobe-3.0", "a.pdf", "", ContentDiffers),
    (b"\x7fELF" + b"\0" * 60, "a.docx", "", ContentDiffers),
    (b"Rar!\x1a\x07\0", "a.zip", "", ContentDiffers),
    (b"\x1f\x8b\x08", "a.zip", "", ContentDiffers),
    (b"RIFF\0\0\0\0WEBP", "a.png", "", ContentDiffers),
    (b"{\\rtf1}", "a.txt", "", ContentDiffers),
    (b"<?php system('id'); ?>", "a.csv", "", ContentDiffers),
    (b"#!/bin/sh", "a.txt", "", ContentDiffers),
    (zipped({"a\\..\\..\\b": b"x"}), "a.zip", "", SuspiciousArchive),
    (zipped({"d/" * 30 + "../" * 31 + "etc": b"x"}), "a.zip", "", SuspiciousArchive),
    (zipped({"a.docx": zipped({"b.xlsx": PLAIN_ZIP})}), "a.zip", "", SuspiciousArchive),
    (docx(**{"word/vbaProject.bin": b"x"}), "a.docx", "", HasMacros),
    (docx(**{"customXml__item1.xml": b"<!ENTITY % a SYSTEM 'http://127.0.0.1/x'>"}), "a.docx", "", SuspiciousArchive),
]  # fmt: skip


def test_the_corpus_is_large_enough() -> None:
    assert len(BAD) >= 60


def kept() -> set[str]:
    return {key for key, _stored in storage().objects()} | {path.name for path in storage().spool.glob("*")}


@pytest.mark.parametrize(("content", "name", "declared"), GOOD)
def test_an_honest_file_is_stored_under_a_name_of_our_own(app, session, content, name, declared):
    received = receive(upload(content, name, declared), ANY)
    assert (received.size, received.content_type) == (len(content), KINDS[name.rsplit(".")[-1].lower()].content_type)
    assert name not in received.key
    assert storage().fetch(received.key, received.sha256).read_bytes() == content


@pytest.mark.parametrize(("content", "name", "declared", "error"), [case for case in BAD if case[3]])
def test_a_dishonest_or_broken_file_is_refused_with_its_reason_and_leaves_nothing(app, session, content, name, declared, error):
    before = kept()
    with pytest.raises(error) as caught:
        receive(upload(content, name, declared), ANY)
    assert len(str(caught.value)) > 4
    assert kept() == before


def test_no_file_at_all_is_said_plainly(app, session):
    with pytest.raises(NoFile):
        receive(upload(b"", ""), ANY)
    with pytest.raises(NoFile):
        receive(None, ANY)


def test_size_is_refused_one_byte_beyond_the_limit(app, session):
    content = pdf()
    assert receive(upload(content, "a.pdf"), Limits(("pdf",), max_bytes=len(content))).size == len(content)
    with pytest.raises(TooLarge):
        receive(upload(content, "a.pdf"), Limits(("pdf",), max_bytes=len(content) - 1))


def test_a_file_that_grew_behind_the_count_is_refused_too(tmp_path: Path) -> None:
    """The size is bounded while it is copied, and again where the stored file is looked at."""
    grown, content = tmp_path / "grown.pdf", pdf()
    grown.write_bytes(content)
    inspect(grown, "grown.pdf", "", Limits(types=("pdf",), max_bytes=len(content)))
    with pytest.raises(TooLarge):
        inspect(grown, "grown.pdf", "", Limits(types=("pdf",), max_bytes=len(content) - 1))
    assert copy_stream(BytesIO(content), grown, len(content)) == (len(content), hashlib.sha256(content).hexdigest())
    assert copy_stream(BytesIO(content), grown, len(content) - 1) is None


def test_pages_are_refused_one_beyond_the_limit(app, session):
    limits = Limits(("pdf",), max_pages=3)
    assert receive(upload(pdf(3), "a.pdf"), limits).pages == 3
    with pytest.raises(TooManyPages):
        receive(upload(pdf(4), "a.pdf"), limits)


def test_pixels_are_refused_one_beyond_the_limit(app, session):
    limits = Limits(("png",), max_pixels=100)
    assert receive(upload(picture(size=(10, 10)), "a.png"), limits).size > 0
    with pytest.raises(TooManyPixels):
        receive(upload(picture(size=(101, 1)), "a.png"), limits)
