"""What a handed-in version holds, and the digests by which it can be known again."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from app.dynforms.conditions import shown_fields
from app.dynforms.schema import FormSchema
from app.dynforms.values import UNANSWERED, is_empty
from app.entries.models import Entry, EntryFile, EntryMember, PartnerOrganization


def canonical(content: Any) -> bytes:
    """JSON with sorted keys in UTF-8: the bytes that are digested and signed."""
    return msgspec.json.encode(content, order="sorted")


def digest_of(content: Any) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()


def relevant_answers(schema: FormSchema, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to the questions that apply; others stay in the draft only."""
    return {
        field.key: answers[field.key]
        for field in shown_fields(schema, answers)
        if field.kind not in UNANSWERED and not is_empty(answers.get(field.key))
    }


def version_content(entry: Entry, schema: FormSchema, files: Iterable[EntryFile], members: Iterable[EntryMember],
                    partners: Iterable[PartnerOrganization]) -> dict[str, Any]:  # fmt: skip
    """An entry as plain data, ready to be frozen."""
    applying = {field.key for field in shown_fields(schema, entry.answers)}
    return {
        "title": entry.title,
        "unit": {"name": entry.unit_name, "uscc": entry.unit_uscc, "area": entry.area_code},
        "answers": relevant_answers(schema, entry.answers),
        "files": [
            {
                "field": f.field_key, "file_id": f.id, "blob_id": f.blob_id, "name": f.blob.name, "size": f.blob.size,
                "sha256": f.blob.sha256, "pages": f.blob.pages, "type": f.blob.content_type,
            }
            for f in files if f.field_key in applying
        ],
        "members": [
            {"user_id": m.user_id, "name": m.name, "unit": m.unit, "position": m.position, "role": m.role.value, "email": m.email}
            for m in members
        ],
        "partners": [{"name": p.name, "uscc": p.uscc, "part": p.part} for p in partners],
    }  # fmt: skip


def only_opened(before: Mapping[str, Any], now: Mapping[str, Any], opened: Collection[str]) -> dict[str, Any]:
    """A returned entry changes in the opened parts alone; what else was edited since stays in the draft."""
    basics, team = (now if part in opened else before for part in ("basics", "team"))
    return {
        "title": basics["title"],
        "unit": basics["unit"],
        "answers": {
            **{key: value for key, value in before["answers"].items() if key not in opened},
            **{key: value for key, value in now["answers"].items() if key in opened},
        },
        "files": [*(f for f in before["files"] if f["field"] not in opened), *(f for f in now["files"] if f["field"] in opened)],
        "members": team["members"],
        "partners": team["partners"],
    }


def untouched(before: Mapping[str, Any], now: Mapping[str, Any], opened: Collection[str]) -> set[str]:
    """Which of the opened parts hold what they held in the version that was sent back."""
    return {part for part in opened if _of_part(before, part) == _of_part(now, part)}


def _of_part(content: Mapping[str, Any], part: str) -> Any:
    if part == "basics":
        return content["title"], content["unit"]
    if part == "team":
        return content["members"], content["partners"]
    return content["answers"].get(part), [f["file_id"] for f in content["files"] if f["field"] == part]


def receipt_for(entry: Entry, *, number: int, code: str, content: Mapping[str, Any], digest: str, received_at: datetime,
                key_id: str) -> dict[str, Any]:  # fmt: skip
    """What the server signs: this content was received at this instant."""
    return {
        "type": "jiebang/receipt/v1",
        "receipt": code,
        "entry": entry.code,
        "edition": entry.call.edition.code,
        "call": entry.call.code,
        "title": content["title"],
        "version": number,
        "received_at": received_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "content_sha256": digest,
        "files": [{key: f[key] for key in ("field", "name", "size", "sha256")} for f in content["files"]],
        "key_id": key_id,
    }
