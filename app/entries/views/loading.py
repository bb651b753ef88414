"""What the team's pages share: the entry behind the code, for its confirmed members only; its sections with their state."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from flask import current_app, g, request
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.web import actor, found
from app.dynforms.checks import Fault
from app.dynforms.conditions import shown_fields
from app.dynforms.schema import Field, FieldKind, FormSchema
from app.dynforms.values import is_empty
from app.entries import queries
from app.entries.models import Entry, EntryFile, EntryMember
from app.entries.operations import attaching, handing_in
from app.entries.operations.tickets import ticket_time
from app.entries.policies import member_of

Team = list[EntryMember]


def my_entry(session: Session, code: str) -> tuple[Entry, Team]:
    """The entry and its team; 404 for everybody who is not a confirmed member."""
    entry = found(queries.entry_by_code(session, code))
    members = queries.members_of(session, entry.id)
    if member_of(actor(), members) is None:
        raise NotFound
    g.zone = entry.call.edition.zone
    return entry, members


def my_place(session: Session, code: str, *, locked: bool = False) -> tuple[Entry, Team]:
    """As ``my_entry``, with the actor's own place alone, for what shows no team; ``locked`` where it is about to be changed."""
    entry, place = found(queries.place_in(session, code, actor().user_id, locked=locked))
    g.zone = entry.call.edition.zone
    return entry, [place]


def page_locale() -> str:
    return str(get_locale() or "zh_CN")


def ticket_of(entry: Entry) -> datetime | None:
    """When the page from which this was sent was opened."""
    return ticket_time(current_app.config["SECRET_KEY"], request.form.get("ticket", ""), entry.id)


def wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def section_keys(schema: FormSchema) -> list[str]:
    """The sections that have fields, in order; fields without a section come last under the key ``more``."""
    named = [section.key for section in schema.sections if schema.of_section(section.key)]
    loose = any(field.section not in named for field in schema.fields)
    return [*named, "more"] if loose else named


def fields_of(schema: FormSchema, section: str) -> list[Field]:
    named = {s.key for s in schema.sections}
    if section == "more" and "more" not in named:
        return [field for field in schema.fields if field.section not in named]
    return schema.of_section(section)


def file_hint(field: Field, locale: str) -> str:
    """What a file field accepts, said before anything is uploaded."""
    hint = field.hint.say(locale)
    if hint and not hint.endswith((".", "。", "!", "！", "?", "？")):
        hint += "." if locale == "en" else "。"
    parts = [hint, _("Types: %(types)s.", types=", ".join(attaching.limits_of(field).types).upper())]
    if field.max_pages:
        parts.append(_("At most %(limit)s pages.", limit=field.max_pages))
    if field.max_files > 1:
        parts.append(_("At most %(limit)s files.", limit=field.max_files))
    return (" " if locale == "en" else "").join(part for part in parts if part)


def file_accept(field: Field) -> str:
    return ",".join(f".{kind}" for kind in attaching.limits_of(field).types)


def section_state(schema: FormSchema, entry: Entry, section: str, faults: Sequence[Fault], files: Sequence[EntryFile]) -> str:
    """todo (nothing yet), current (begun), done (nothing missing)."""
    keys = {field.key for field in fields_of(schema, section)}
    shown = [f for f in shown_fields(schema, entry.answers) if f.key in keys and f.kind != FieldKind.HEADING]
    begun = any(not is_empty(entry.answers.get(f.key)) for f in shown) or any(f.field_key in keys for f in files)
    faulty = any(fault.key in keys for fault in faults)
    if not faulty and (begun or not any(f.required for f in shown)):
        return "done"
    return "current" if begun else "todo"


def tasks_of(entry: Entry, faults: Sequence[Fault], files: Sequence[EntryFile], untouched: Collection[str]) -> list[dict[str, str]]:
    """Basics, sections and team with their state; what was sent back and not changed since needs attention, faulty or not."""
    schema, locale = entry.form_version.schema, page_locale()
    titles = {section.key: section.title.say(locale) for section in schema.sections}
    tasks = [{"key": handing_in.BASICS, "label": _("Title and unit"), "state": _part_state(handing_in.BASICS, faults, untouched)}]
    for key in section_keys(schema):
        sent_back = any(field.key in untouched for field in fields_of(schema, key))
        state = "fault" if sent_back else section_state(schema, entry, key, faults, files)
        tasks.append({"key": key, "label": titles.get(key) or _("Further questions"), "state": state})
    tasks.append({"key": handing_in.TEAM, "label": _("Team and partners"), "state": _part_state(handing_in.TEAM, faults, untouched)})
    return tasks


def _part_state(part: str, faults: Sequence[Fault], untouched: Collection[str]) -> str:
    return "fault" if part in untouched or any(fault.section == part for fault in faults) else "done"
