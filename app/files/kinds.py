"""The file types the system knows: extensions, declared types that fit them, and what their first bytes must be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FileKind:
    """One type. ``family`` decides how the content is looked into: pdf, image, office, archive, text, ole, video."""

    extension: str
    content_type: str
    family: str
    starts: tuple[bytes, ...] = ()
    offset: int = 0
    declared: tuple[str, ...] = ()
    #: The folder that an office document of this type must hold.
    folder: str = ""

    def fits_declared(self, declared: str) -> bool:
        """Browsers that do not know a type say octet-stream or nothing; any other word must be right."""
        return declared in {"", "application/octet-stream", self.content_type, *self.declared}


_OPEN = "application/vnd.openxmlformats-officedocument."
_ZIP, _OLE = (b"PK\x03\x04",), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)

KINDS: dict[str, FileKind] = {
    kind.extension: kind
    for kind in (
        FileKind("pdf", "application/pdf", "pdf", (b"%PDF-1.", b"%PDF-2."), declared=("application/x-pdf",)),
        FileKind("jpg", "image/jpeg", "image", (b"\xff\xd8\xff",), declared=("image/pjpeg", "image/jpg")),
        FileKind("jpeg", "image/jpeg", "image", (b"\xff\xd8\xff",), declared=("image/pjpeg", "image/jpg")),
        FileKind("png", "image/png", "image", (b"\x89PNG\r\n\x1a\n",), declared=("image/x-png",)),
        FileKind("docx", f"{_OPEN}wordprocessingml.document", "office", _ZIP, folder="word/"),
        FileKind("xlsx", f"{_OPEN}spreadsheetml.sheet", "office", _ZIP, folder="xl/"),
        FileKind("pptx", f"{_OPEN}presentationml.presentation", "office", _ZIP, folder="ppt/"),
        FileKind("doc", "application/msword", "ole", _OLE),
        FileKind("xls", "application/vnd.ms-excel", "ole", _OLE),
        FileKind("ppt", "application/vnd.ms-powerpoint", "ole", _OLE),
        FileKind("zip", "application/zip", "archive", _ZIP, declared=("application/x-zip-compressed",)),
        FileKind("txt", "text/plain", "text"),
        FileKind("csv", "text/csv", "text", declared=("application/vnd.ms-excel", "text/plain")),
        FileKind("mp4", "video/mp4", "video", (b"ftyp",), offset=4, declared=("application/mp4",)),
    )
}
#: What a browser may show in the page; everything else is saved.
INLINE = frozenset({"application/pdf", "image/jpeg", "image/png"})
