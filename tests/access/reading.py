"""An answer as everything that a person or a program could read in it: headers, text, and what documents carry inside."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

import pypdf
from PIL import Image
from werkzeug.test import TestResponse

#: Set anew for every answer, and random: they could spell anything.
NOISE = re.compile(r"(csrf_token|name=\"(key|sha256|nonce)\")[^>]*value=\"[^\"]*\"|nonce-[\w-]+|session=[^;]+|\d\d:\d\d:\d\d\.\d+")


def readable(answer: TestResponse) -> str:
    """Headers and body; of PDFs text and properties, of archives names and members, of pictures their EXIF data."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items() if name != "Set-Cookie")
    text = f"{answer.status}\n{headers}\n{within(answer.get_data())}"
    answer.close()
    return NOISE.sub("", text)


def within(content: bytes) -> str:
    """The bytes as text in any of the usual encodings, and everything found inside."""
    if content.startswith(b"%PDF"):
        return _pdf(content)
    raw = content.decode("utf-8", "replace")
    if content.startswith(b"PK\x03\x04"):
        return raw + _archive(content)
    if content.startswith((b"\xff\xd8", b"\x89PNG")):
        picture = Image.open(BytesIO(content))
        return raw + repr(dict(picture.getexif())) + repr(picture.info)
    return raw


def _pdf(content: bytes) -> str:
    document = pypdf.PdfReader(BytesIO(content))
    pages = "\n".join(page.extract_text() for page in document.pages)
    loose = re.sub(r"[0-9]", "", content.decode("latin-1"))  # names outside of compressed streams; numbers there are coordinates
    return f"{pages}\n{document.metadata}\n{document.xmp_metadata}\n{list(document.attachments)}\n{loose}"


def _archive(content: bytes) -> str:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return "\n".join(f"{name}\n{within(archive.read(name))}" for name in archive.namelist())
