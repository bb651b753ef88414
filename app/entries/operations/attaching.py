"""Files in the fields of an entry: attached, replaced, removed; earlier ones stay as history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.audit.operations import record
from app.core.authz import Actor
from app.core.errors import NotFound
from app.core.upserting import insert_into
from app.dynforms.schema import Field, FieldKind
from app.entries.errors import FieldLocked
from app.entries.events import FileAttached, FileRemoved
from app.entries.models import EditionRoom, Entry, EntryFile
from app.entries.operations.drafts import check_editable
from app.entries.operations.holding import hold
from app.entries.operations.windows import open_keys
from app.entries.queries.rooms import taken
from app.files.errors import HostIsFull, PersonIsFull, QuotaReached, TooManyFiles
from app.files.limits import MEGABYTE, Limits
from app.files.operations import store_upload
from app.settings.queries import settings


def limits_of(field: Field) -> Limits:
    """What a file field accepts."""
    types = tuple(kind.lower().lstrip(".") for kind in field.file_types) or ("pdf",)
    return Limits(types=types, max_bytes=field.max_mb * MEGABYTE, max_pages=field.max_pages)


def file_field(entry: Entry, key: str, now: datetime) -> Field:
    """The file field of that key, open for the team now; NotFound or FieldLocked otherwise."""
    field = entry.form_version.schema.field(key)
    if field is None or field.kind != FieldKind.FILE:
        raise NotFound
    opened = open_keys(entry)
    if (opened is not None and key not in opened) or (field.frozen_after is not None and field.frozen_after <= now):
        raise FieldLocked
    return field


def attach_file(session: Session, *, entry: Entry, key: str, upload: Any, actor: Actor, now: datetime,
                replaces: int | None = None, ticket_at: datetime | None = None) -> EntryFile:  # fmt: skip
    """Put a received file into a field; ``replaces`` names the file it takes the place of. In a field for one file it replaces that.

    Refused after the deadline, beyond the field's number of files or the room of entry, person or host. Records FileAttached.
    """
    hold(session, entry)
    check_editable(entry, now, ticket_at)
    field = file_field(entry, key, now)
    current = current_files(session, entry.id, key)
    old = next((f for f in current if f.id == replaces), None)
    if old is None and field.max_files == 1 and current:
        old = current[0]
    if old is None and len(current) >= field.max_files:
        raise TooManyFiles
    blob = store_upload(session, upload=upload, limits=limits_of(field), actor=actor, now=now)
    take_room(session, entry.edition_id, blob.size)
    check_room(session, entry, blob.size, actor)
    if old is not None:
        old.replaced_at, old.replaced_by_id = now, actor.user_id
    made = EntryFile(
        entry_id=entry.id, field_key=key, blob_id=blob.id, position=old.position if old else len(current),
        added_by_id=actor.user_id, added_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()  # the event and the page need its id
    entry.revision, entry.changed_at = entry.revision + 1, now
    event = FileAttached(entry.id, entry.edition_id, key, blob.sha256, old.id if old else None)
    record(session, event, actor=actor, now=now)
    return made


def remove_file(session: Session, *, entry: Entry, file_id: int, actor: Actor, now: datetime) -> EntryFile:
    """Take a file out of its field; handed-in versions keep it. Records FileRemoved."""
    hold(session, entry)
    check_editable(entry, now)
    row = session.get(EntryFile, file_id)
    if row is None or row.entry_id != entry.id:
        raise NotFound
    if row.replaced_at is not None:
        return row
    file_field(entry, row.field_key, now)
    row.replaced_at, row.replaced_by_id = now, actor.user_id
    entry.revision, entry.changed_at = entry.revision + 1, now
    record(session, FileRemoved(entry.id, entry.edition_id, row.field_key, row.id), actor=actor, now=now)
    return row


def current_files(session: Session, entry_id: int, key: str | None = None) -> list[EntryFile]:
    """The files in force with what is stored of them, in order."""
    rows = select(EntryFile).options(joinedload(EntryFile.blob)).where(EntryFile.entry_id == entry_id, EntryFile.replaced_at.is_(None))
    if key is not None:
        rows = rows.where(EntryFile.field_key == key)
    return list(session.scalars(rows.order_by(EntryFile.field_key, EntryFile.position, EntryFile.id)))


def fields_with_files(session: Session, entry_id: int) -> set[str]:
    """The fields that hold a file or held one before."""
    return set(session.scalars(select(EntryFile.field_key).where(EntryFile.entry_id == entry_id).distinct()))


def take_room(session: Session, edition_id: int, size: int) -> None:
    """Count ``size`` more bytes among the files of the edition. The next upload into it waits here until this one is stored or undone."""
    counted = insert_into(session, EditionRoom).values(edition_id=edition_id, taken=size)
    more = {"taken": EditionRoom.taken + counted.excluded.taken}
    session.execute(counted.on_conflict_do_update(index_elements=[EditionRoom.edition_id], set_=more))


def check_room(session: Session, entry: Entry, size: int, actor: Actor) -> None:
    """Whether a file of ``size`` bytes, recorded and counted, still fits: into the entry, what the person may send, the host's room."""
    rooms, used = settings(session), taken(session, entry, actor.user_id)
    for bytes_, key, refusal in (
        (used.entry + size, "room_entry_mb", QuotaReached),
        (used.person, "room_person_mb", PersonIsFull),
        (used.host, "room_host_mb", HostIsFull),
    ):
        if bytes_ > rooms[key] * MEGABYTE:
            raise refusal
