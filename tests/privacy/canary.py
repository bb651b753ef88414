"""A person with a canary wherever the system can know a person, and a look at everything that is stored."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.accounts.events import EmailChanged
from app.accounts.models import Membership, Notepad, User
from app.accounts.operations.passwords import put_password, request_reset
from app.accounts.operations.profiles import Sensitive, change_profile, put_sensitive
from app.accounts.operations.signing_in import check_credentials
from app.accounts.rules.identifiers import IdKind
from app.audit.operations import record
from app.core.authz import VISITOR
from app.core.types import SealedJSON
from app.entries.jobs import clean_blind_files
from app.entries.models import Entry, SavedView
from app.entries.operations.attaching import attach_file
from app.entries.operations.checking import accept_entry
from app.entries.operations.drafts import save_answers, start_entry
from app.entries.operations.handing_in import withdraw_entry
from app.entries.operations.teams import answer_invitation, invite_member
from app.files.storage import Storage
from app.notify.operations import queue_message
from app.notify.receivers import OWNER
from app.tables import metadata
from tests.conftest import NOW
from tests.factories.accounts import acting, make_organization, make_user
from tests.factories.entries import hand_in, make_blind_call, make_call
from tests.factories.files import pdf, upload

NAME, EMAIL, EARLIER = "司徒镜湖", "jinghu-canary@example.org", "old-canary@example.org"
ID_NUMBER, PHONE, BANK, UNIT = "11010519491231002X", "13800001234", "6222020000000000000", "镜湖金丝雀工作室"
FILE, INSIDE = "canary-plan", "Jinghu Canary Author"
CANARIES = (NAME, EMAIL, EARLIER, ID_NUMBER, PHONE, BANK, UNIT, FILE, INSIDE)


@dataclass
class Scene:
    """The person, what is theirs alone, and the entry of somebody else in which they take part."""

    person: User
    alone: Entry
    draft: Entry
    team: Entry
    other: User


def make_scene(session: Session) -> Scene:
    """By the real operations, so that mails, links, facts and derived files come about as they do in life."""
    person = make_user(session, NAME, email=EMAIL, sort_key="situ jinghu")
    other = make_user(session, "何似")
    who = acting(session, person)
    _account(session, person)
    alone = start_entry(session, call=make_blind_call(session), title=f"{NAME}的水泵", unit_name=UNIT, actor=who, now=NOW)
    contact = {"name": NAME, "phone": PHONE, "email": EMAIL, "unit": UNIT}
    answers = {"summary": f"{NAME}（{PHONE}）研制", "contact": contact, "id_card": ID_NUMBER}
    save_answers(session, entry=alone, values=answers, actor=who, now=NOW)
    attach_file(session, entry=alone, key="plan", upload=upload(pdf(1, Author=INSIDE), f"{FILE}.pdf"), actor=who, now=NOW)
    hand_in(session, alone)
    accept_entry(session, entry=alone, actor=acting(session, other), now=NOW)
    session.commit()
    clean_blind_files(alone.id)
    withdraw_entry(session, entry=alone, reason=f"{NAME} 不再参加", actor=who, now=NOW)
    draft = start_entry(session, call=make_call(session), title=f"{UNIT} 草稿", unit_name=UNIT, actor=who, now=NOW)
    team = _team(session, other, person)
    session.commit()
    return Scene(person, alone, draft, team, other)


def _account(session: Session, person: User) -> None:
    who, cipher = acting(session, person), current_app.extensions["cipher"]
    put_password(session, user=person, password="a long enough pass phrase", now=NOW)
    for field, value in ((Sensitive.ID_NUMBER, ID_NUMBER), (Sensitive.PHONE, PHONE), (Sensitive.BANK_ACCOUNT, BANK)):
        kind = IdKind.RESIDENT if field == Sensitive.ID_NUMBER else None
        put_sensitive(session, user=person, field=field, value=value, id_kind=kind, cipher=cipher, actor=who, now=NOW)
    change_profile(session, user=person, plain={"unit": UNIT}, actor=who, now=NOW)
    record(session, EmailChanged(person.id, EARLIER), actor=who, now=NOW)
    request_reset(session, email=EMAIL, actor=VISITOR, now=NOW)
    check_credentials(session, email=EMAIL, password="wrong", network="192.0.2.7", actor=VISITOR, now=NOW)
    organization = make_organization(session)
    edition = make_call(session).edition
    session.add_all([
        Membership(user_id=person.id, organization_id=organization.id, position=UNIT, since=NOW),
        Notepad(user_id=person.id, note=PHONE),
        SavedView(user_id=person.id, edition_id=edition.id, name=NAME, parameters={"q": NAME}),
    ])  # fmt: skip


def _team(session: Session, other: User, person: User) -> Entry:
    """Somebody else's entry in which the person is a member and is named in the text, with a held mail about it."""
    leader = acting(session, other)
    entry = start_entry(session, call=make_call(session), title="风机", unit_name="何似公司", actor=leader, now=NOW)
    member, _secret = invite_member(session, entry=entry, name=NAME, email=EMAIL, unit=UNIT, actor=leader, now=NOW)
    answer_invitation(session, member=member, confirm=True, actor=acting(session, person), now=NOW)
    answers = {"summary": f"何似与{NAME}（{EMAIL}）合作", "contact": {"name": NAME, "phone": PHONE, "unit": UNIT}}
    save_answers(session, entry=entry, values=answers, actor=leader, now=NOW)
    attach_file(session, entry=entry, key="plan", upload=upload(pdf(2), f"风机-{NAME}.pdf"), actor=leader, now=NOW)
    hand_in(session, entry)
    context = {"name": f"何似、{NAME}", "link": "x", "at": NOW}
    for number, (to, hold) in enumerate(((other, False), (person, True))):
        queue_message(session, template="accounts/password_changed", to=to, locale="zh_CN", context=context, dedup=f"canary-{number}",
                      now=NOW, rests_on=OWNER, hold=hold, edition_id=entry.edition_id)  # fmt: skip
    return entry


def stored_text(connection: Connection, *, opened: bool = True) -> dict[str, str]:
    """Every row of every table as text, by table; ``opened``: with what is sealed as the holder of the key reads it."""
    told = {}
    for table in metadata.sorted_tables:
        rows = connection.exec_driver_sql(f'SELECT * FROM "{table.name}"').mappings()
        sealed = {column.name: column.type for column in table.columns if opened and isinstance(column.type, SealedJSON)}
        told[table.name] = "\n".join(
            _text(sealed[name].process_result_value(value, connection.dialect) if name in sealed else value)
            for row in rows for name, value in row.items()
        )  # fmt: skip
    return told


def _text(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    return str(value)


def found_in(told: dict[str, str]) -> dict[str, list[str]]:
    """Which canaries stand in which table."""
    found = {table: [canary for canary in CANARIES if canary.casefold() in text.casefold()] for table, text in told.items()}
    return {table: canaries for table, canaries in found.items() if canaries}


def files_with_canaries(folder: Path) -> list[str]:
    """Files below a folder in whose name or bytes a canary stands."""
    wanted = [canary.encode() for canary in CANARIES]
    paths = (path for path in folder.rglob("*") if path.is_file())
    return [str(path) for path in paths if any(w in path.read_bytes() or w in str(path).encode() for w in wanted)]


def objects_with_canaries(store: Storage) -> set[str]:
    """Keys of the store's objects, folder or bucket, in whose name or bytes a canary stands."""
    wanted = [canary.encode() for canary in CANARIES]
    read = (lambda key: (store.root / key).read_bytes()) if store.root else (lambda key: store._download(key).read_bytes())
    return {key for key, _at in store.objects() if any(w in key.encode() or w in read(key) for w in wanted)}
