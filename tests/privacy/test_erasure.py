"""Erasure: asked for by one, prepared and carried out by two others; nothing of the person is left, everything else is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.accounts.models import User
from app.admin.invariants import broken_invariants
from app.audit.models import JournalEvent
from app.audit.operations.verify import verify_all
from app.core.states import IllegalTransition
from app.core.uow import atomic
from app.downloads.enums import DownloadState
from app.downloads.models import Download
from app.entries.models import Entry, EntryFile, EntryVersion
from app.files.serving import read_blob
from app.files.setup import storage
from app.notify.models import Message
from app.privacy.enums import ErasureState
from app.privacy.models import ErasureRequest
from app.privacy.operations.requests import (
    AskedAlready,
    ChangedSince,
    InTheWay,
    SecondPersonNeeded,
    erase_person,
    propose_erasure,
    refuse_erasure,
    request_erasure,
    withdraw_erasure,
)
from app.privacy.queries.footprint import footprint_of
from app.privacy.rules import GONE
from app.results.models import Certificate
from app.results.operations import compute_run, propose_run, release_run
from app.results.operations.certificates import issue_certificate
from app.results.queries.awards import granted_awards
from app.results.queries.verifying import verify_run
from tests.conftest import NOW
from tests.factories.accounts import acting, grant, make_user
from tests.factories.entries import make_submitted
from tests.factories.files import make_blob
from tests.factories.results import make_world

from . import canary

LATER = NOW + timedelta(days=1)


@pytest.fixture
def first(session: Session) -> User:
    return admin(session)


@pytest.fixture
def second(session: Session) -> User:
    return admin(session)


def admin(session: Session) -> User:
    user = make_user(session)
    grant(session, user, Role.SYSTEM_ADMIN)
    return user


def asked(session: Session, person: User) -> ErasureRequest:
    return request_erasure(session, user=person, reason="moving abroad", actor=acting(session, person), now=NOW)


def erase(session: Session, person: User, first: User, second: User, now=LATER) -> ErasureRequest:
    request = asked(session, person)
    propose_erasure(session, request=request, actor=acting(session, first), now=now)
    session.commit()
    with atomic() as writing:
        erase_person(writing, request=request, actor=acting(session, second), now=now)
    return request


def test_nothing_of_the_person_is_left_in_database_or_store(session: Session, first: User, second: User) -> None:
    of_other_tests = canary.objects_with_canaries(storage())
    scene = canary.make_scene(session)
    assert len(canary.objects_with_canaries(storage()) - of_other_tests) == 1
    before = canary.found_in(canary.stored_text(session.connection()))
    assert {"users", "messages", "entries", "entry_versions", "entry_members", "journal_events", "tokens", "blobs",
            "memberships", "notepads", "saved_views", "entry_moves"} <= set(before)  # fmt: skip
    keys = [key for key, _at in storage().objects()]
    request = erase(session, scene.person, first, second)
    assert canary.found_in(canary.stored_text(session.connection())) == {}
    assert canary.objects_with_canaries(storage()) - of_other_tests == set()
    assert len(keys) - len(list(storage().objects())) == request.removed["blobs"] == 2  # the plan and its cleaned copy
    assert request.state is ErasureState.DONE
    assert request.reason == ""


def test_no_rule_over_the_data_is_broken_by_it(session: Session, first: User, second: User) -> None:
    scene = canary.make_scene(session)
    before = {broken.invariant.name for broken in broken_invariants(session)}
    erase(session, scene.person, first, second)
    assert {broken.invariant.name for broken in broken_invariants(session)} - before == set()


def test_lists_that_were_made_to_be_fetched_go_too(session: Session, first: User, second: User) -> None:
    scene = canary.make_scene(session)
    blob = make_blob(session, canary.NAME.encode() * 20, "list.txt")
    session.add(Download(code="x", kind="k", title=canary.NAME, locale="en", requester_id=scene.other.id, edition_id=scene.team.edition_id,
                         state=DownloadState.READY, blob_id=blob.id, ordered_at=NOW, ready_at=NOW, expires_at=LATER))  # fmt: skip
    session.commit()
    erase(session, scene.person, first, second)
    assert session.scalars(select(Download)).all() == []
    assert blob.key not in [key for key, _at in storage().objects()]


def test_every_chain_still_verifies_and_only_details_of_facts_are_gone(session: Session, first: User, second: User) -> None:
    scene = canary.make_scene(session)
    rows = len(session.scalars(select(JournalEvent)).all())
    erase(session, scene.person, first, second)
    session.expire_all()
    blank = session.scalars(select(JournalEvent).where(JournalEvent.payload.is_(None))).all()
    assert [report.reason for report in verify_all(session) if not report.is_whole] == []
    assert len(session.scalars(select(JournalEvent)).all()) == rows + 3  # asked, prepared, erased
    assert {row.salt for row in blank} == {None}
    assert "accounts.email_changed" in {row.name for row in blank}


def test_a_team_keeps_its_entry_and_its_files(session: Session, first: User, second: User) -> None:
    scene = canary.make_scene(session)
    erase(session, scene.person, first, second)
    session.expire_all()
    entry = session.get_one(Entry, scene.team.id)
    assert entry.answers["summary"] == f"何似与{GONE}（{GONE}）合作"
    assert (entry.title, entry.unit_name) == ("风机", "何似公司")
    file = session.scalars(select(EntryFile).where(EntryFile.entry_id == entry.id)).one()
    assert read_blob(file.blob).startswith(b"%PDF")
    assert file.blob.name == f"风机-{GONE}.pdf"
    version = session.scalars(select(EntryVersion).where(EntryVersion.entry_id == entry.id)).one()
    assert [member["name"] for member in version.content["members"]] == ["何似", GONE]
    mail = session.scalars(select(Message).where(Message.dedup == "canary-0")).one()
    assert f"何似、{GONE}" in mail.body_text


def test_an_emptied_version_keeps_digest_and_receipt_code(session: Session, first: User, second: User) -> None:
    scene = canary.make_scene(session)
    version = session.scalars(select(EntryVersion).where(EntryVersion.entry_id == scene.alone.id)).one()
    kept = (version.digest, version.receipt_code, version.signature)
    erase(session, scene.person, first, second)
    session.refresh(version)
    assert (version.digest, version.receipt_code, version.signature) == kept
    assert (version.content["answers"], version.content["erased"]) == ({}, True)


def test_a_released_result_still_follows_from_its_sheets(session: Session, first: User, second: User) -> None:
    world = make_world(session, [["88", "90", "86.5", "91", "87"], ["80", "81", "80", "82", "80"]])
    run = compute_run(session, stage=world.stage, call=world.call, actor=acting(session, world.organizer), now=NOW)
    propose_run(session, run=run, actor=acting(session, world.organizer), now=NOW)
    release_run(session, run=run, actor=acting(session, world.host), now=NOW)
    award = granted_awards(session, world.edition)[0]
    issue_certificate(session, award=award, locale="zh_CN", actor=acting(session, world.host), now=NOW)
    winner, judge = session.get_one(User, world.entries[0].leader_id), session.get_one(User, world.seats[0].user_id)
    name, title = winner.name, world.entries[0].title
    for person in (winner, judge):
        erase(session, person, first, second)
    session.expire_all()
    assert verify_run(session, run).is_whole
    assert (world.seats[0].name, world.entries[0].title) == (GONE, title)
    assert session.scalars(select(Certificate.holder)).all() == [name]


def test_official_records_lose_the_person_after_ten_years(session: Session, first: User, second: User) -> None:
    world = make_world(session, [["88", "90", "86.5", "91", "87"]])
    run = compute_run(session, stage=world.stage, call=world.call, actor=acting(session, world.organizer), now=NOW)
    propose_run(session, run=run, actor=acting(session, world.organizer), now=NOW)
    release_run(session, run=run, actor=acting(session, world.host), now=NOW)
    issue_certificate(session, award=granted_awards(session, world.edition)[0], locale="zh_CN", actor=acting(session, world.host), now=NOW)
    winner = session.get_one(User, world.entries[0].leader_id)
    name = winner.name
    erase(session, winner, first, second, now=NOW.replace(year=NOW.year + 10))
    assert session.scalars(select(Certificate.holder)).all() == [GONE]
    told = canary.stored_text(session.connection())
    assert [table for table, text in told.items() if name in text] == []


def test_two_administrators_are_needed_and_neither_is_the_person(session: Session, first: User, second: User) -> None:
    person = make_user(session)
    request = asked(session, person)
    propose_erasure(session, request=request, actor=acting(session, first), now=NOW)
    for who in (first, person):
        with pytest.raises(SecondPersonNeeded):
            erase_person(session, request=request, actor=acting(session, who), now=NOW)
    own = request_erasure(session, user=first, reason="", actor=acting(session, first), now=NOW)
    with pytest.raises(SecondPersonNeeded):
        propose_erasure(session, request=own, actor=acting(session, first), now=NOW)


def test_it_is_not_carried_out_before_it_is_prepared_nor_twice(session: Session, first: User, second: User) -> None:
    person = make_user(session)
    request = asked(session, person)
    with pytest.raises(AskedAlready):
        asked(session, person)
    with pytest.raises(IllegalTransition):
        erase_person(session, request=request, actor=acting(session, second), now=NOW)
    propose_erasure(session, request=request, actor=acting(session, first), now=NOW)
    erase_person(session, request=request, actor=acting(session, second), now=NOW)
    with pytest.raises(IllegalTransition):
        erase_person(session, request=request, actor=acting(session, second), now=NOW)


def test_what_changed_after_the_preview_must_be_looked_at_again(session: Session, first: User, second: User) -> None:
    scene = canary.make_scene(session)
    request = asked(session, scene.person)
    propose_erasure(session, request=request, actor=acting(session, first), now=NOW)
    seen = request.digest
    late = make_submitted(session, leader=scene.person)
    late.state = scene.alone.state
    session.flush()
    assert footprint_of(session, scene.person).digest != seen
    with pytest.raises(ChangedSince):
        erase_person(session, request=request, actor=acting(session, second), now=NOW)
    propose_erasure(session, request=request, actor=acting(session, second), now=NOW)
    erase_person(session, request=request, actor=acting(session, first), now=NOW)


def test_a_running_entry_is_in_the_way(session: Session, first: User) -> None:
    entry = make_submitted(session)
    request = asked(session, session.get_one(User, entry.leader_id))
    with pytest.raises(InTheWay, match=entry.code):
        propose_erasure(session, request=request, actor=acting(session, first), now=NOW)


def test_a_request_can_be_taken_back_or_refused_and_then_asked_again(session: Session, first: User) -> None:
    person = make_user(session)
    withdraw_erasure(session, request=asked(session, person), actor=acting(session, person), now=NOW)
    refused = refuse_erasure(session, request=asked(session, person), reason="still in judging", actor=acting(session, first), now=NOW)
    assert (refused.state, refused.remark, person.email) == (ErasureState.REFUSED, "still in judging", person.email)
    assert asked(session, person).state is ErasureState.REQUESTED
