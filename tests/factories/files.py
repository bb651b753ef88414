"""Files: small real documents, and blobs stored in the test store."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pypdf
from PIL import Image
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from app.core.authz import SYSTEM
from app.files.kinds import KINDS
from app.files.limits import Limits
from app.files.models import Blob
from app.files.operations import store_upload
from tests.conftest import NOW

ANY = Limits(types=tuple(KINDS))


def pdf(pages: int = 1, **info: str) -> bytes:
    """A real PDF of empty pages; ``info`` fills its document properties."""
    writer = pypdf.PdfWriter()
    for _number in range(pages):
        writer.add_blank_page(200, 200)
    writer.add_metadata({f"/{name}": text for name, text in info.items()})
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 8), exif: bytes = b"") -> bytes:
    out = BytesIO()
    Image.new("RGB", size, (10, 90, 120)).save(out, kind, **({"exif": exif} if exif else {}))
    return out.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(**more: bytes) -> bytes:
    parts = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document>text</document>"}
    return zipped({**parts, **{name.replace("__", "/"): content for name, content in more.items()}})


def upload(content: bytes, name: str, declared: str = "application/octet-stream") -> FileStorage:
    return FileStorage(stream=BytesIO(content), filename=name, content_type=declared)


def make_blob(session: Session, content: bytes | None = None, name: str = "plan.pdf", **values: object) -> Blob:
    blob = store_upload(session, upload=upload(content or pdf(), name), limits=ANY, actor=SYSTEM, now=NOW)
    for key, value in values.items():
        setattr(blob, key, value)
    session.flush()
    return blob
