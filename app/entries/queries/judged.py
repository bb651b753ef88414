"""What judges read of an entry: on a blind stage built from the blind copy alone, so that it cannot leak what it never loads.

The judge's desk, the printed sheet and the staff's "as judges see it" all read through ``material_of``: there is no second way.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, contains_eager

from app.calls.models import Stage, StageRuleVersion
from app.calls.rules import StageRules
from app.calls.stagekinds import JUDGED
from app.dynforms.display import AUDIENCES, ShownSection, display
from app.dynforms.models import FormVersion
from app.dynforms.schema import FormSchema
from app.entries.models import BlindCopy, Entry, EntryVersion, StageEntry


@dataclass(frozen=True)
class MaterialFile:
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
    files: tuple[MaterialFile, ...]
    pending: int = 0

    def file(self, number: int) -> MaterialFile | None:
        return next((file for file in self.files if file.number == number), None)

    def chosen(self, wanted: str) -> MaterialFile | None:
        """The file to show: the one asked for, else the first that a browser can show."""
        asked = next((file for file in self.files if str(file.number) == wanted), None)
        return asked or next((file for file in self.files if file.shows_inline), None)


def stage_entries(session: Session, stage_id: int, call_ids: Collection[int] | None = None) -> list[Entry]:
    """The entries that take part in the stage now, with their calls, in the order drawn, else by public code."""
    query = (
        select(Entry).join(StageEntry, StageEntry.entry_id == Entry.id).join(Entry.call)
        .where(StageEntry.stage_id == stage_id, StageEntry.left_at.is_(None)).options(contains_eager(Entry.call))
    )  # fmt: skip
    if call_ids is not None:
        query = query.where(Entry.call_id.in_(call_ids))
    return list(session.scalars(query.order_by(StageEntry.draw_order, Entry.public_code, Entry.id)))


def judged_stages(session: Session, entry_id: int) -> list[tuple[Stage, StageRules]]:
    """The judged stages in which the entry takes part, with the rules that hold there, in their order."""
    query = (
        select(Stage, StageRuleVersion.rules).join(StageEntry, StageEntry.stage_id == Stage.id)
        .outerjoin(StageRuleVersion, StageRuleVersion.id == Stage.rule_version_id)
        .where(StageEntry.entry_id == entry_id, StageEntry.left_at.is_(None), Stage.kind.in_(JUDGED))
    )  # fmt: skip
    return [(stage, frozen or stage.rules) for stage, frozen in session.execute(query.order_by(Stage.position))]


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
        MaterialFile(n, str(row.get("name", "")), str(row.get("type", "")), int(row.get("size", 0)), int(row["blob_id"]))
        for n, row in enumerate(rows, start=1)
        if row.get("blob_id")
    ]
    return Material(
        code, title, unit, tuple(sections), tuple(files), pending=sum(not (row.get("blob_id") or row.get("withheld")) for row in rows)
    )
