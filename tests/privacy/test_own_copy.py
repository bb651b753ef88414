"""One's own data: complete, readable by programs, without anybody else's, after a fresh proof and written down."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import timedelta
from io import BytesIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import UserSession
from app.audit.models import JournalEvent
from app.core import clock
from app.files.models import Blob

from . import canary


def taken(client, person) -> tuple[dict[str, object], zipfile.ZipFile]:
    answer = client.sign_in(person).post("/my/data/copy")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store, private")
    archive = zipfile.ZipFile(BytesIO(answer.get_data()))
    answer.close()
    return json.loads(archive.read("data.json")), archive


def test_everything_of_the_person_is_in_it(client, session: Session) -> None:
    scene = canary.make_scene(session)
    data, archive = taken(client, scene.person)
    assert data["account"]["email"] == canary.EMAIL
    assert (data["profile"]["id_number"], data["profile"]["phone"]) == (canary.ID_NUMBER, canary.PHONE)
    assert [entry["code"] for entry in data["entries"]] == [scene.alone.code, scene.draft.code, scene.team.code]
    assert data["entries"][0]["answers"]["id_card"] == canary.ID_NUMBER
    plan = session.scalars(select(Blob).where(Blob.name == f"{canary.FILE}.pdf")).one()
    assert [file["sha256"] for file in data["files"]] == [plan.sha256]
    assert archive.read(data["files"][0]["in_archive"]).startswith(b"%PDF")


def test_nobody_else_is_in_it(client, session: Session) -> None:
    scene = canary.make_scene(session)
    data, _archive = taken(client, scene.other)
    mine = json.dumps(data, ensure_ascii=False)
    led = data["entries"][0]
    assert (led["code"], led["answers"]["summary"]) == (scene.team.code, "何似与〔已删除〕（〔已删除〕）合作")
    assert [word for word in (canary.PHONE, canary.EMAIL, canary.UNIT, canary.ID_NUMBER) if word in mine] == []


def test_a_member_gets_their_place_in_a_team_but_not_its_answers(client, session: Session) -> None:
    scene = canary.make_scene(session)
    data, _archive = taken(client, scene.person)
    team = data["entries"][2]
    assert [place["name"] for place in team["your_place"]] == [canary.NAME]
    assert "answers" not in team
    assert scene.other.name not in json.dumps(data["entries"], ensure_ascii=False)


def test_it_is_written_down_with_the_digest_of_what_was_given(client, session: Session) -> None:
    scene = canary.make_scene(session)
    data, archive = taken(client, scene.person)
    fact = session.scalars(select(JournalEvent).where(JournalEvent.name == "privacy.data_exported")).one()
    assert (fact.actor_id, fact.subject_id) == (scene.person.id, scene.person.id)
    assert json.loads(fact.payload)["digest"] == hashlib.sha256(archive.read("data.json")).hexdigest()
    assert data["account"]["id"] == scene.person.id


def test_an_old_proof_of_identity_is_not_enough(client, session: Session) -> None:
    scene = canary.make_scene(session)
    client.sign_in(scene.person)
    for live in session.scalars(select(UserSession).where(UserSession.user_id == scene.person.id)):
        live.reauthenticated_at = clock.now() - timedelta(minutes=6)
    session.commit()
    answer = client.post("/my/data/copy")
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (303, "/my/confirm")
    assert session.scalars(select(JournalEvent).where(JournalEvent.name == "privacy.data_exported")).all() == []
