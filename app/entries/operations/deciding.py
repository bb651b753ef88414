"""What becomes of a file for blind judges in which something names the team: the staff decides, the judges get nothing before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.audit.operations import record
from app.calls.operations.freezing import hold_edition
from app.core.authz import Actor
from app.core.errors import NotFound
from app.core.uow import lock
from app.entries.enums import BlindChoice
from app.entries.errors import FileNotAskedFor, NothingToRelease
from app.entries.events import BlindFileDecided, JudgesFileReplaced
from app.entries.models import BlindCopy, Entry
from app.entries.operations.attaching import check_room
from app.entries.operations.blinding import keep_file, rewrite_files
from app.entries.operations.moving import need_reason
from app.entries.rules.blinding import must_be_cleaned
from app.files.limits import Limits
from app.files.names import extension_of
from app.files.operations import Received, store_upload


def decide_blind_file(session: Session, *, copy: BlindCopy, number: int, choice: BlindChoice, reason: str, actor: Actor,
                      now: datetime) -> BlindCopy:  # fmt: skip
    """Release the cleaned file as it is, ask the team for another one, or withhold it; each with a reason.

    A decision may be taken again. The original and the version that was handed in stay as they are. Records BlindFileDecided.
    """
    entry = session.get_one(Entry, copy.entry_id)
    hold_edition(session, entry.edition_id)
    lock(session, copy)
    reason = need_reason(reason)
    files = [dict(file) for file in copy.content["files"]]
    if number >= len(files) or must_be_cleaned(files[number]):
        raise NotFound
    file = files[number]
    cleaned = file.get("blob_id") or file.get("held_blob_id")
    if choice == BlindChoice.RELEASE and not cleaned:
        raise NothingToRelease
    file["blob_id"], file["held_blob_id"] = (cleaned, None) if choice == BlindChoice.RELEASE else (None, cleaned)
    file["withheld"] = cleaned is None or choice == BlindChoice.WITHHOLD
    file["decision"] = {"choice": choice.value, "reason": reason, "by_id": actor.user_id, "at": now.isoformat()}
    rewrite_files(copy, files)
    record(session, BlindFileDecided(entry.id, entry.edition_id, number, choice.value, reason), actor=actor, now=now)
    return copy


def asked_files(copy: BlindCopy | None) -> list[tuple[int, dict[str, Any]]]:
    """The files for which the team has been asked to send another one, with their places."""
    files = copy.content["files"] if copy is not None else []
    return [(number, file) for number, file in enumerate(files) if file.get("decision", {}).get("choice") == BlindChoice.ASK]


def limits_for_judges(limits: Limits) -> Limits:
    """What may be sent for blind judges: types of the field that can be cleaned, and PDF always."""
    cleanable = {"pdf", "docx", "xlsx", "pptx", "jpg", "jpeg", "png", "txt", "csv"}
    kinds = tuple(dict.fromkeys(["pdf", *(kind for kind in limits.types if kind in cleanable)]))
    return Limits(types=kinds, max_bytes=limits.max_bytes, max_pages=limits.max_pages)


def replace_judges_file(session: Session, *, copy: BlindCopy, number: int, upload: Received, actor: Actor, now: datetime) -> BlindCopy:
    """The team's new file for blind judges, in the place for which it was asked. It is cleaned, then waits for the staff's decision;
    what was handed in stays as it is. Records JudgesFileReplaced.
    """
    entry = session.get_one(Entry, copy.entry_id)
    hold_edition(session, entry.edition_id)
    lock(session, copy)
    if number not in {place for place, _file in asked_files(copy)}:
        raise FileNotAskedFor
    files = [dict(file) for file in copy.content["files"]]
    blob = store_upload(session, upload=upload, actor=actor, now=now)
    check_room(session, entry, blob.size, actor)
    row = keep_file(session, copy, number)
    row.blob_id, row.sent_blob_id = None, blob.id
    old = files[number]
    stem = str(old["name"]).rpartition(".")[0]
    files[number] = {
        "field": old["field"], "name": f"{stem}.{extension_of(blob.name)}", "size": blob.size, "pages": blob.pages,
        "type": blob.content_type, "source_blob_id": blob.id, "blob_id": None, "sent": True,
    }  # fmt: skip
    copy.findings = [row for row in copy.findings if row["place"] != old["name"]]
    rewrite_files(copy, files)
    record(session, JudgesFileReplaced(entry.id, entry.edition_id, number, blob.sha256), actor=actor, now=now)
    return copy
