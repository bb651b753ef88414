"""Checkpoints leave the house: made at changes of phase, sent to supervisors and witnesses, shown with who got them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.admin.models import CheckpointCopy, Witness
from app.admin.operations.witnesses import add_witness, send_copies
from app.audit.jobs.chains import advance, checkpoint
from app.audit.models import Alarm, Checkpoint
from app.audit.operations import alarms
from app.core.uow import atomic
from app.judging.operations.sealing import seal_judging
from tests.conftest import NOW
from tests.factories.accounts import acting, grant, make_organization, make_user
from tests.factories.judging import Scene, make_scene
from tests.support.client import words
from tests.support.mailbox import mails


@pytest.fixture
def scene(session: Session) -> Scene:
    made = make_scene(session)
    add_witness(session, edition_id=made.edition.id, name="Discipline office", email="Watch@Discipline.example",
                actor=acting(session, made.supervisor), now=NOW)  # fmt: skip
    add_witness(session, edition_id=None, name="Archive", email="archive@else.example", actor=acting(session, made.supervisor), now=NOW)
    session.commit()
    return made


def receivers(session: Session, scene: Scene) -> list[str]:
    rows = select(CheckpointCopy.email).join(Checkpoint).where(Checkpoint.chain == f"edition:{scene.edition.id}")
    return sorted(session.scalars(rows))


def test_sealing_a_stage_sends_a_checkpoint_to_supervisor_and_witnesses(session: Session, scene: Scene) -> None:
    organizer = acting(session, scene.organizer)
    with atomic() as writing:
        seal_judging(writing, stage=scene.stage, reason="nothing was scored", actor=organizer, now=NOW)
    made = session.scalars(select(Checkpoint).where(Checkpoint.chain == f"edition:{scene.edition.id}")).all()
    assert {each.occasion for each in made} == {"calls.stage_sealed"}
    assert receivers(session, scene) == sorted(["archive@else.example", "watch@discipline.example", scene.supervisor.email])
    (letter,) = mails(session, "watch@discipline.example")
    assert made[0].note.splitlines()[3] in letter.body_text


def test_nobody_gets_the_same_checkpoint_twice(session: Session, scene: Scene) -> None:
    checkpoint(f"edition:{scene.edition.id}", "daily")
    made = session.scalars(select(Checkpoint).where(Checkpoint.chain == f"edition:{scene.edition.id}")).one()
    assert send_copies(session, checkpoint=made, now=NOW) == []
    assert len(receivers(session, scene)) == 3


def test_supervisors_of_the_organization_above_get_it_and_others_do_not(session: Session, scene: Scene) -> None:
    grant(session, above := make_user(session), Role.SUPERVISOR, organization=scene.edition.host)
    grant(session, elsewhere := make_user(session), Role.SUPERVISOR, organization=make_organization(session))
    session.commit()
    advance()
    assert above.email in receivers(session, scene)
    assert {elsewhere.email, scene.organizer.email, scene.host.email} & set(receivers(session, scene)) == set()


def test_the_page_shows_who_got_what_and_gives_the_note_as_a_file(client: FlaskClient, session: Session, scene: Scene) -> None:
    advance()
    made = session.scalars(select(Checkpoint).where(Checkpoint.chain == f"edition:{scene.edition.id}")).one()
    client.sign_in(scene.supervisor)
    shown = words(client.get(f"/supervise/{scene.edition.code}/checkpoints/"))
    assert [
        part in shown for part in ("Discipline office", "watch@discipline.example", "archive@else.example", scene.supervisor.email)
    ] == [True] * 4
    answer = client.get(f"/supervise/{scene.edition.code}/checkpoints/{made.id}.txt")
    assert (answer.text, answer.headers["Content-Disposition"].startswith("attachment")) == (made.note, True)


def test_only_those_who_watch_over_the_edition_see_and_name_witnesses(client: FlaskClient, session: Session, scene: Scene) -> None:
    advance()
    made = session.scalars(select(Checkpoint).where(Checkpoint.chain == f"edition:{scene.edition.id}")).one()
    base = f"/supervise/{scene.edition.code}/checkpoints"
    for person in (scene.organizer, scene.host, scene.judges[0]):
        client.sign_in(person)
        assert [client.get(path).status_code for path in (base + "/", f"{base}/{made.id}.txt", "/admin/checkpoints/")] == [404, 404, 403]
        assert client.post(f"{base}/witnesses", data={"name": "me", "email": "me@x.example"}).status_code == 404
    other = make_scene(session)
    client.sign_in(other.supervisor)
    assert client.get(f"/supervise/{other.edition.code}/checkpoints/{made.id}.txt").status_code == 404


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "two@x.example, three@x.example", "x" * 300 + "@y.example"])
def test_what_is_no_address_is_refused_and_kept(client: FlaskClient, session: Session, scene: Scene, email: str) -> None:
    client.sign_in(scene.supervisor)
    answer = client.post(f"/supervise/{scene.edition.code}/checkpoints/witnesses", data={"name": "Somebody", "email": email})
    assert (answer.status_code, "Somebody" in answer.text) == (422, True)
    assert len(session.scalars(select(Witness)).all()) == 2


def test_a_witness_is_named_once_and_removed_with_a_reason(client: FlaskClient, session: Session, scene: Scene) -> None:
    base = f"/supervise/{scene.edition.code}/checkpoints"
    client.sign_in(scene.supervisor)
    assert client.post(f"{base}/witnesses", data={"name": "B", "email": "b@else.example"}).status_code == 303
    assert client.post(f"{base}/witnesses", data={"name": "B", "email": "B@else.example"}).status_code == 422
    witness = session.scalars(select(Witness).where(Witness.email == "b@else.example")).one()
    client.post(f"{base}/witnesses/{witness.id}/remove", data={"reason": ""})
    session.refresh(witness)
    assert witness.removed_at is None
    client.post(f"{base}/witnesses/{witness.id}/remove", data={"reason": "has left the office"})
    session.refresh(witness)
    assert witness.removed_at is not None
    advance()
    assert "b@else.example" not in receivers(session, scene)


def test_the_command_finds_a_note_that_does_not_fit(app: Flask, session: Session, scene: Scene, tmp_path: Path) -> None:
    advance()
    made = session.scalars(select(Checkpoint).where(Checkpoint.chain == f"edition:{scene.edition.id}")).one()
    found = []
    for name, note in (("good.txt", made.note), ("bad.txt", made.note.replace(made.head, "0" * 64)), ("junk.txt", "hello")):
        (tmp_path / name).write_text(note, encoding="utf-8")
        found.append(CliRunner().invoke(app.cli, ["audit", "verify", "--checkpoint", str(tmp_path / name)]))
    assert [(one.exit_code, marker in one.output) for one, marker in zip(found, ("fits", "altered", "检查点"), strict=True)] == [
        (0, True), (1, True), (1, True),
    ]  # fmt: skip


def test_an_alarm_about_a_chain_needs_two_persons(client: FlaskClient, session: Session) -> None:
    grant(session, first := make_user(session), Role.AUDITOR)
    grant(session, second := make_user(session), Role.SYSTEM_ADMIN)
    alarm = alarms.raise_alarm(session, kind="chain", key="edition:1#3", detail="edition:1, fact 3", actor=acting(session, first), now=NOW)
    session.commit()
    for person, reason, is_closed in ((first, "a disk fault", False), (first, "a disk fault", False), (second, "seen the disk", True)):
        client.sign_in(person)
        client.post(f"/admin/alarms/{alarm.id}/close", data={"reason": reason})
        assert (session.get_one(Alarm, alarm.id, populate_existing=True).closed_at is not None) is is_closed
    assert alarm.reason == "a disk fault / seen the disk"
    assert "a disk fault" in words(client.get("/admin/alarms/"))
