"""What a judge reads of an entry. The blind form is built from the blind copy alone: it cannot leak what it never loads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from app.dynforms.display import AUDIENCES, ShownSection, display
from app.dynforms.models import FormVersion
from app.dynforms.schema import FormSchema
from app.entries.models import BlindCopy, Entry, EntryVersion


@dataclass(frozen=True)
class DeskFile:
    """A file under the name that judges see; ``number`` is its place in the list and part of its address."""

    number: int
    name: str
    content_type: str
    size: int
    blob_id: int = field(repr=False)

    @property
    def shows_inline(self) -> bool:
        return self.content_type == "application/pdf" or self.content_type in ("image/png", "image/jpeg", "image/webp", "image/gif")

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")


@dataclass(frozen=True)
class Material:
    """An entry on the judge's desk. ``pending`` files have no cleaned copy yet and are not shown."""

    code: str
    title: str
    unit: str
    sections: tuple[ShownSection, ...]
    files: tuple[DeskFile, ...]
    pending: int = 0


def material_of(session: Session, entry_id: int, code: str, *, blind: bool, locale: str) -> Material | None:
    """One statement. None where a blind stage has no blind copy yet: nothing is shown instead of the original."""
    return _blind(session, entry_id, code, locale) if blind else _open(session, entry_id, code, locale)


@cache
def _blind_query() -> Select[Any]:
    return (
        select(BlindCopy.title, BlindCopy.content, FormVersion.schema)
        .join(EntryVersion, EntryVersion.id == BlindCopy.version_id)
        .join(FormVersion, FormVersion.id == EntryVersion.form_version_id)
        .where(BlindCopy.entry_id == bindparam("entry_id"))
    )


@cache
def _open_query() -> Select[Any]:
    return (
        select(Entry.title, Entry.unit_name, EntryVersion.content, FormVersion.schema)
        .join(EntryVersion, EntryVersion.id == Entry.current_version_id)
        .join(FormVersion, FormVersion.id == EntryVersion.form_version_id)
        .where(Entry.id == bindparam("entry_id"))
    )


def _blind(session: Session, entry_id: int, code: str, locale: str) -> Material | None:
    row = session.execute(_blind_query(), {"entry_id": entry_id}).first()
    if row is None:
        return None
    title, content, schema = row
    return _material(code, title, "", content, schema, "blind", locale)


def _open(session: Session, entry_id: int, code: str, locale: str) -> Material | None:
    row = session.execute(_open_query(), {"entry_id": entry_id}).first()
    return None if row is None else _material(code, row[0], row[1], row[2], row[3], "judges", locale)


def _material(code: str, title: str, unit: str, content: Mapping[str, Any], schema: FormSchema, audience: str, locale: str) -> Material:
    sections = display(schema, content.get("answers", {}), audience=audience, locale=locale)
    readable = {field.key for field in schema.fields if field.visibility in AUDIENCES[audience]}
    rows = [row for row in content.get("files", []) if row.get("field") in readable]
    files = [
        DeskFile(n, str(row.get("name", "")), str(row.get("type", "")), int(row.get("size", 0)), int(row["blob_id"]))
        for n, row in enumerate(rows, start=1)
        if row.get("blob_id")
    ]
    return Material(
        code, title, unit, tuple(sections), tuple(files), pending=sum(not (row.get("blob_id") or row.get("withheld")) for row in rows)
    )
