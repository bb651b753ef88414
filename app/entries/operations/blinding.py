"""Making the judges' copy of a version, and the judges' copies of its files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.audit.operations import record
from app.core.authz import Actor
from app.dynforms.conditions import shown_fields
from app.dynforms.display import AUDIENCES
from app.dynforms.schema import FormSchema
from app.entries.events import BlindCopyMade
from app.entries.models import BlindCopy, BlindFile, Entry, EntryVersion
from app.entries.rules.blinding import Findings, blind_answers, identity_of, neutral_text, waits_for_decision
from app.entries.rules.leaks import holds_back
from app.files.models import Blob
from app.files.names import extension_of
from app.files.operations import Received, store_upload


def make_blind_copy(session: Session, *, entry: Entry, actor: Actor, now: datetime) -> BlindCopy:
    """Write what blind judges see of the version that counts. Files are listed under server-made names; their cleaned
    copies follow outside the transaction (``attach_clean_file``). Records BlindCopyMade.
    """
    version = session.get_one(EntryVersion, entry.current_version_id)
    schema: FormSchema = entry.form_version.schema
    findings = Findings()
    identity = identity_of(version.content, schema)
    title = neutral_text(version.content["title"], identity, "title", findings)
    content = {
        "answers": blind_answers(schema, version.content["answers"], identity, findings),
        "files": _blind_files(schema, version.content, entry.public_code or ""),
    }
    copy = session.scalar(select(BlindCopy).where(BlindCopy.entry_id == entry.id))
    if copy is None:
        copy = BlindCopy(
            entry_id=entry.id, version_id=version.id, title=title[:200], content=content, findings=findings.rows(), made_at=now
        )
        session.add(copy)
    else:
        session.execute(delete(BlindFile).where(BlindFile.copy_id == copy.id))
        copy.version_id, copy.title, copy.content, copy.findings, copy.made_at = version.id, title[:200], content, findings.rows(), now
        copy.undecided = 0
    session.flush()  # a second copy must meet the constraint here
    event = BlindCopyMade(entry.id, entry.edition_id, version.id, sum(row["count"] for row in copy.findings))
    record(session, event, actor=actor, now=now)
    return copy


def _blind_files(schema: FormSchema, content: dict[str, Any], public_code: str) -> list[dict[str, Any]]:
    allowed = {f.key for f in shown_fields(schema, content["answers"]) if f.visibility in AUDIENCES["blind"]}
    files = [file for file in content["files"] if file["field"] in allowed]
    return [
        {
            "field": file["field"], "name": f"{public_code}_{number}.{extension_of(file['name']) or 'bin'}", "size": file["size"],
            "pages": file["pages"], "type": file["type"], "source_blob_id": file["blob_id"], "blob_id": None,
        }
        for number, file in enumerate(files, 1)
    ]  # fmt: skip


def attach_clean_file(session: Session, *, copy: BlindCopy, number: int, cleaned: Received | None, findings: list[dict[str, Any]],
                      actor: Actor, now: datetime) -> BlindCopy:  # fmt: skip
    """Record the cleaned copy of the file at that place; ``cleaned`` None marks a file that could not be cleaned and is withheld.

    With a finding inside, or when the team has sent it anew, the cleaned copy is held back until the staff decides.
    """
    files = [dict(file) for file in copy.content["files"]]
    blob: Blob | None = store_upload(session, upload=cleaned, actor=actor, now=now) if cleaned else None
    held = blob is not None and (holds_back(findings) or bool(files[number].get("sent")))
    files[number] |= {"blob_id": None, "held_blob_id": None, "withheld": blob is None}
    if blob:
        files[number] |= {"size": blob.size, "pages": blob.pages, "held_blob_id" if held else "blob_id": blob.id}
        keep_file(session, copy, number).blob_id = blob.id
    rewrite_files(copy, files)
    copy.findings = [*copy.findings, *findings]
    return copy


def keep_file(session: Session, copy: BlindCopy, number: int) -> BlindFile:
    """The row that keeps the bytes of the file at that place."""
    row = session.get(BlindFile, (copy.id, number))
    if row is None:
        row = BlindFile(copy_id=copy.id, number=number)
        session.add(row)
    return row


def rewrite_files(copy: BlindCopy, files: list[dict[str, Any]]) -> None:
    """Put the list back, with the number of files on which the staff has still to decide."""
    copy.content = {**copy.content, "files": files}
    copy.undecided = sum(waits_for_decision(file) for file in files)
