"""Room for files: an entry, a person and a host organization each fill their own and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core import clock
from app.core.authz import SYSTEM
from app.entries.models import EditionRoom, Entry, EntryFile
from app.entries.operations.attaching import attach_file, current_files, take_room
from app.entries.queries.rooms import Taken, taken
from app.files.errors import HostIsFull, PersonIsFull, QuotaReached, TooManyFiles
from app.files.limits import MEGABYTE
from app.settings.operations.settings import change_setting
from tests.conftest import NOW
from tests.factories.accounts import make_organization
from tests.factories.entries import SCHEMA, leader_of, make_call, make_edition, make_entry
from tests.factories.files import pdf, upload
from tests.support.client import words

CONTENT = pdf()


@pytest.fixture
def in_time() -> Iterator[None]:
    """The window is open."""
    clock.read_from(lambda: NOW)
    yield
    clock.read_from(None)


def fill(session: Session, entry: Entry, size: int) -> None:
    """Let the entry's file be so large, and be counted so."""
    blob = current_files(session, entry.id)[0].blob
    take_room(session, entry.edition_id, size - blob.size)
    blob.size = size
    session.flush()


def send(session: Session, entry: Entry) -> EntryFile:
    return attach_file(session, entry=entry, key="plan", upload=upload(CONTENT, "new.pdf"), actor=leader_of(session, entry), now=NOW)


def allow(session: Session, key: str, megabytes: int) -> None:
    change_setting(session, key=key, value=megabytes, actor=SYSTEM, now=NOW)


@pytest.mark.parametrize(
    ("key", "refusal"), [("room_entry_mb", QuotaReached), ("room_person_mb", PersonIsFull), ("room_host_mb", HostIsFull)]
)
def test_a_full_room_is_refused_at_the_byte_and_leaves_nothing(session: Session, key: str, refusal: type[Exception]) -> None:
    entry = make_entry(session)
    allow(session, key, 100)
    fill(session, entry, 100 * MEGABYTE - len(CONTENT))
    send(session, entry)  # to the last byte
    before = session.scalar(select(func.count()).select_from(EntryFile))
    with pytest.raises(refusal):
        send(session, entry)
    assert session.scalar(select(func.count()).select_from(EntryFile)) == before


def test_replaced_files_are_kept_and_count(session: Session) -> None:
    entry = make_entry(session)
    first = current_files(session, entry.id)[0].blob.size
    second = send(session, entry).blob.size
    assert len(current_files(session, entry.id)) == 1
    sent = first + second
    assert taken(session, entry, entry.leader_id) == Taken(entry=sent, host=sent, person=sent)


def test_the_room_of_an_edition_is_counted_and_never_added_up_from_the_files_of_others(session: Session) -> None:
    entry = make_entry(session)
    neighbour = make_entry(session, entry.call)
    files = [current_files(session, entry.id)[0], send(session, entry), current_files(session, neighbour.id)[0]]
    counted = sum(file.blob.size for file in files)
    assert session.get_one(EditionRoom, entry.edition_id).taken == counted
    files[2].blob.size += MEGABYTE  # behind the counter's back
    session.flush()
    assert taken(session, entry, None).host == counted


def test_one_person_one_entry_and_one_office_that_fill_their_room_take_nothing_from_others(session: Session) -> None:
    full, office = make_entry(session), make_organization(session)
    neighbour = make_entry(session, full.call)
    elsewhere = make_entry(session, make_call(session, make_edition(session, host=office)))
    for key in ("room_entry_mb", "room_person_mb"):
        allow(session, key, 100)
    fill(session, full, 100 * MEGABYTE)
    with pytest.raises(QuotaReached):
        send(session, full)
    assert send(session, neighbour).id
    allow(session, "room_host_mb", 100)
    with pytest.raises(HostIsFull):
        send(session, neighbour)
    assert send(session, elsewhere).id
    used = taken(session, elsewhere, None)
    assert used.host == used.entry


def test_a_hosts_room_holds_all_its_editions_and_none_that_it_only_organizes(session: Session) -> None:
    host, other = make_organization(session), make_organization(session)
    first = make_entry(session, make_call(session, make_edition(session, host=host, organizer_id=other.id)))
    second = make_entry(session, make_call(session, make_edition(session, host=host)))
    foreign = make_entry(session, make_call(session, make_edition(session, host=other, organizer_id=host.id)))
    allow(session, "room_host_mb", 100)
    fill(session, first, 100 * MEGABYTE - current_files(session, second.id)[0].blob.size)
    with pytest.raises(HostIsFull):
        send(session, second)
    assert send(session, foreign).id


def test_a_field_that_has_its_files_says_so(session: Session) -> None:
    many = msgspec.structs.replace(
        SCHEMA, fields=[msgspec.structs.replace(f, max_files=3) if f.key == "plan" else f for f in SCHEMA.fields]
    )
    entry = make_entry(session, make_call(session, schema=many))
    send(session, entry)
    send(session, entry)
    with pytest.raises(TooManyFiles):
        send(session, entry)
    assert len(current_files(session, entry.id)) == 3


@pytest.mark.parametrize(
    ("key", "said"), [("room_entry_mb", "本申报材料的文件空间"), ("room_person_mb", "您上传的文件"), ("room_host_mb", "主办单位的文件空间")]
)
def test_the_refusal_stands_beside_the_field(client: FlaskClient, session: Session, in_time: None, key: str, said: str) -> None:
    entry = make_entry(session)
    allow(session, key, 100)
    fill(session, entry, 100 * MEGABYTE)
    session.commit()
    client.sign_in(session.get_one(User, entry.leader_id))  # type: ignore[attr-defined]
    sent: dict[str, Any] = {"file": (BytesIO(CONTENT), "new.pdf")}
    answer = client.post(f"/my/entries/{entry.code}/files/plan", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert said in words(answer)
    assert len(session.scalars(select(EntryFile).where(EntryFile.entry_id == entry.id)).all()) == 1
