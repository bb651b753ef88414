"""The journal as a bundle: verified by plain Python in a process of its own, which finds every change."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.jobs.chains import checkpoint
from app.audit.models import Checkpoint, JournalEvent
from app.judging.operations import sheets
from tests.conftest import NOW
from tests.factories.judging import Scene, make_scene

MARKS = {"novelty": Decimal("7.3"), "size": Decimal("13.7"), "plan": Decimal("11.9"), "team": Decimal("23.3")}


@pytest.fixture
def scene(session: Session) -> Scene:
    made = make_scene(session)
    for number, assignment in enumerate(made.assignments.values()):
        judge = made.judge(session, [seat.id for seat in made.seats].index(assignment.seat_id))
        sheets.save_sheet(session, assignment=assignment, marks=MARKS, comment="a remark of 56.2", private_note="", key=f"k{number}",
                          revision=0, actor=judge, now=NOW)  # fmt: skip
    session.commit()
    checkpoint(f"edition:{made.edition.id}", "daily")
    return made


@pytest.fixture
def bundle(client: FlaskClient, scene: Scene) -> bytes:
    client.sign_in(scene.supervisor)
    answer = client.post(f"/supervise/{scene.edition.code}/chain/export")
    assert answer.status_code == 200
    return answer.data


def verified(folder: Path, bundle: bytes, *arguments: str) -> tuple[int, str]:
    """What the verifier of the original bundle says, run away from this tree without any package."""
    (folder / "bundle.zip").write_bytes(bundle)
    tool = folder / "verify_journal.py"
    if not tool.exists():
        with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
            tool.write_bytes(archive.read("verify_journal.py"))
    command = [sys.executable, "-I", "-S", str(tool), "bundle.zip", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


def changed(bundle: bytes, path: str, change: Callable[[bytes], bytes]) -> bytes:
    """The bundle with one file changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bundle)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == path else old.read(name))
    return target.getvalue()


def test_a_bundle_fits_and_holds_every_fact(session: Session, scene: Scene, bundle: bytes, tmp_path: Path) -> None:
    note = session.scalars(select(Checkpoint.note).where(Checkpoint.chain == f"edition:{scene.edition.id}")).one()
    (tmp_path / "mine.txt").write_text(note, encoding="utf-8")
    code, said = verified(tmp_path, bundle, "--checkpoint", "mine.txt")
    assert (code, said) == (0, "5 facts fit, 0 of them with their details withheld; checkpoints: 1 in the bundle, 1 of your own\n")
    assert "ATTENTION" in verified(tmp_path, bundle)[1], "without a checkpoint of one's own it says what that means"


def test_no_mark_is_in_it(bundle: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist() if not name.endswith(".py")).decode()
    assert [trace for trace in ("7.3", "13.7", "11.9", "23.3", "56.2") if trace in everything] == []


def test_that_it_was_taken_is_a_fact(session: Session, scene: Scene, bundle: bytes) -> None:
    last = session.scalars(select(JournalEvent).where(JournalEvent.name == "audit.journal_exported")).one()
    assert (last.chain, last.actor_id) == (f"edition:{scene.edition.id}", scene.supervisor.id)


def _line(number: int, **values: object) -> Callable[[bytes], bytes]:
    def change(raw: bytes) -> bytes:
        lines = raw.decode().splitlines()
        lines[number] = json.dumps(json.loads(lines[number]) | values)
        return ("\n".join(lines) + "\n").encode()

    return change


CHANGES = {
    "a fact is altered": ("journal.jsonl", _line(1, actor_id=99), "V01"),
    "a fact is dropped": ("journal.jsonl", lambda raw: b"".join(raw.splitlines(keepends=True)[:-1]), "V01"),
    "a checkpoint is altered": ("checkpoints", lambda raw: raw.replace(b"occasion: daily", b"occasion: never"), "V01"),
    "the manifest is altered": ("manifest.json", lambda raw: raw.replace(b'"size": 5', b'"size": 4'), "V07"),
    "the signature is another": ("manifest.sig", lambda raw: base64.b64encode(bytes(64)), "V07"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_every_change_is_found(bundle: bytes, tmp_path: Path, what: str) -> None:
    path, change, number = CHANGES[what]
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        path = next(name for name in archive.namelist() if name.startswith(path))
    assert verified(tmp_path, bundle)[0] == 0
    code, said = verified(tmp_path, changed(bundle, path, change))
    assert (code, number in said) == (1, True), said


def test_a_rewritten_journal_is_found_by_a_checkpoint_of_ones_own(
    app: Flask, session: Session, scene: Scene, bundle: bytes, tmp_path: Path
) -> None:
    """The server's owner cuts a fact off and signs everything anew, as only they can: the note that a witness kept tells."""
    signer = app.extensions["signer"]
    note = session.scalars(select(Checkpoint.note).where(Checkpoint.chain == f"edition:{scene.edition.id}")).one()
    (tmp_path / "mine.txt").write_text(note, encoding="utf-8")
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        kept = archive.read("journal.jsonl").splitlines(keepends=True)[:3]
        manifest = json.loads(archive.read("manifest.json"))
    journal = b"".join(kept)
    files = {name: digest for name, digest in manifest["files"].items() if not name.startswith("checkpoints/")}
    manifest |= {"size": 3, "head": json.loads(kept[-1])["hash"], "files": files | {"journal.jsonl": hashlib.sha256(journal).hexdigest()}}
    signed = json.dumps(manifest).encode()
    forged = changed(bundle, "journal.jsonl", lambda raw: journal)
    forged = changed(changed(forged, "manifest.json", lambda raw: signed), "manifest.sig", lambda raw: signer.sign(signed).encode())
    assert verified(tmp_path, forged)[0] == 0, "by itself the forgery shows nothing"
    code, said = verified(tmp_path, forged, "--checkpoint", "mine.txt")
    assert (code, "V08 the chain was cut" in said) == (1, True)


def test_a_key_known_from_elsewhere_is_used_instead_of_the_bundles(bundle: bytes, tmp_path: Path) -> None:
    code, said = verified(tmp_path, bundle, "--key", base64.b64encode(bytes(range(32))).decode())
    assert (code, "V07" in said) == (1, True)


def test_only_the_supervisor_takes_it_away(client: FlaskClient, scene: Scene) -> None:
    for person in (scene.organizer, scene.host, scene.judges[0]):
        client.sign_in(person)
        assert client.post(f"/supervise/{scene.edition.code}/chain/export").status_code == 404
