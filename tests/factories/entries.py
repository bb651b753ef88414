"""Calls that take entries, and entries in any state, made by the real operations where they exist."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.calls.enums import EditionState, StageKind
from app.calls.models import Call, Edition, Series, Stage
from app.calls.rules import CallRules, Disclosure, EditionRules, StageRules
from app.core.authz import Actor
from app.dynforms.models import FormDefinition, FormVersion
from app.dynforms.schema import Field, FieldKind, FormSchema, Section, Text, Visibility
from app.entries.models import Entry, EntryVersion
from app.entries.operations.attaching import attach_file
from app.entries.operations.checking import accept_entry
from app.entries.operations.drafts import save_answers, start_entry
from app.entries.operations.handing_in import submit_entry
from tests.conftest import NOW
from tests.factories.accounts import acting, make_organization, make_user
from tests.factories.files import pdf, upload

_numbers = count(1)
AFTER = NOW + timedelta(days=40)


def words(text: str) -> Text:
    return Text(zh=text, en=text)


SCHEMA = FormSchema(
    title=words("Entry form"),
    sections=[Section("about", words("About the project")), Section("team", words("People"))],
    fields=[
        Field("summary", FieldKind.LONG_TEXT, words("Summary"), section="about", required=True, max_words=50),
        Field("turnover", FieldKind.MONEY, words("Turnover"), section="about"),
        Field("plan", FieldKind.FILE, words("Business plan"), section="about", required=True, file_types=["pdf"], max_mb=2, max_pages=5),
        Field("contact", FieldKind.PERSON, words("Contact"), section="team", visibility=Visibility.STAFF),
        Field("works", FieldKind.ORGANIZATION, words("Company"), section="team", visibility=Visibility.JUDGES),
        Field("id_card", FieldKind.TEXT, words("ID number"), section="team", visibility=Visibility.SENSITIVE),
    ],
)  # fmt: skip


def make_form(session: Session, schema: FormSchema = SCHEMA) -> FormVersion:
    definition = FormDefinition(name="Form", created_at=NOW)
    session.add(definition)
    session.flush()
    version = FormVersion(definition_id=definition.id, number=1, schema=schema, digest="0" * 64, changed_at=NOW, published_at=NOW)
    session.add(version)
    session.flush()
    return version


def make_edition(session: Session, **values: Any) -> Edition:
    host = values.pop("host", None) or make_organization(session)
    series = Series(organization_id=host.id, name=f"Series {next(_numbers)}", created_at=NOW)
    session.add(series)
    session.flush()
    given = {
        "code": f"contest-{next(_numbers)}", "title": "Contest", "host_id": host.id, "organizer_id": host.id,
        "state": EditionState.PUBLISHED, "rules": EditionRules(one_entry_per_person=False), "created_at": NOW, "published_at": NOW,
    }  # fmt: skip
    edition = Edition(series_id=series.id, **{**given, **values})
    session.add(edition)
    session.flush()
    for position, kind in enumerate((StageKind.FORMAL_CHECK, StageKind.ONLINE_REVIEW, StageKind.FINAL)):
        stage = Stage(
            edition_id=edition.id, position=position, kind=kind, name=kind.value, opens_at=NOW + timedelta(days=30 + position),
            closes_at=NOW + timedelta(days=31 + position),
        )  # fmt: skip
        session.add(stage)
    session.flush()
    return edition


def make_call(
    session: Session, edition: Edition | None = None, *, schema: FormSchema = SCHEMA, rules: CallRules | None = None, **values: Any
) -> Call:
    edition = edition or make_edition(session)
    number = next(_numbers)
    given = {
        "code": f"call-{number}",
        "name": f"Call {number}",
        "opens_at": NOW - timedelta(days=10),
        "closes_at": NOW + timedelta(days=20),
    }
    call = Call(edition_id=edition.id, form_version_id=make_form(session, schema).id, rules=rules or CallRules(), **{**given, **values})
    session.add(call)
    session.flush()
    return call


def make_blind_call(session: Session, **values: Any) -> Call:
    """A call in whose edition a stage is going to be blind: its files are cleaned for judges."""
    call = make_call(session, **values)
    stage = Stage(
        edition_id=call.edition_id, position=9, kind=StageKind.ONLINE_REVIEW, name="盲审", name_en="Blind review",
        opens_at=NOW + timedelta(days=30), closes_at=NOW + timedelta(days=40), rules=StageRules(disclosure=Disclosure(blind=True)),
    )  # fmt: skip
    session.add(stage)
    session.flush()
    return call


def make_entry(session: Session, call: Call | None = None, *, leader: User | None = None, title: str = "",
               answers: dict[str, Any] | None = None, with_file: bool = True, now: Any = NOW) -> Entry:  # fmt: skip
    """A draft that is ready to be handed in."""
    call = call or make_call(session)
    leader = leader or make_user(session)
    actor = acting(session, leader)
    entry = start_entry(session, call=call, title=title or f"Project {next(_numbers)}", unit_name="Works", actor=actor, now=now)
    save_answers(session, entry=entry, values=answers or {"summary": "A better pump."}, actor=actor, now=now)
    if with_file:
        attach_file(session, entry=entry, key="plan", upload=upload(pdf(), "plan.pdf"), actor=actor, now=now)
    return entry


def leader_of(session: Session, entry: Entry) -> Actor:
    return acting(session, session.get_one(User, entry.leader_id))


def hand_in(session: Session, entry: Entry, now: Any = NOW) -> EntryVersion:
    return submit_entry(session, entry=entry, signer=current_app.extensions["signer"], actor=leader_of(session, entry), now=now)


def make_submitted(session: Session, call: Call | None = None, **values: Any) -> Entry:
    entry = make_entry(session, call, **values)
    hand_in(session, entry)
    return entry


def make_accepted(session: Session, call: Call | None = None, *, officer: User | None = None, **values: Any) -> Entry:
    entry = make_submitted(session, call, **values)
    accept_entry(session, entry=entry, actor=acting(session, officer or make_user(session)), now=NOW)
    return entry
