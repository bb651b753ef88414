"""A backup that is made while people work, and what is restored of it."""

from __future__ import annotations

import fcntl
import json
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from app.backup.archive import Manifest
from app.backup.operations.checking import check_backup
from app.backup.operations.making import Keys, make_backup
from app.backup.sealing import NotSealed
from app.core.authz import SYSTEM
from app.core.db import make_engine
from app.files.models import Blob
from app.files.operations import receive, store_upload
from app.files.storage import Storage, make_storage
from app.tables import metadata
from tests.conftest import NOW
from tests.factories.files import ANY, pdf, upload
from tests.support.racing import fresh_database

from .conftest import KEY, Office, ended, refused


@pytest.fixture(scope="module")
def restored(office: Office, tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, str]:
    """The office's copy in another place, and the table that was printed; the copy is not opened."""
    there = office.elsewhere(tmp_path_factory.mktemp("elsewhere") / "var", "restored")
    said = there.flask("backup", "restore", str(office.archive))
    return Office(there, office.folder, office.archive, office.said, office.before, office.after), said


def manifest_of(office: Office) -> Manifest:
    return check_backup(office.archive, KEY).manifest


def test_people_hand_in_while_it_is_made_and_it_holds_one_moment_of_that(office: Office) -> None:
    entries = manifest_of(office).rows["entries"]
    assert office.before < office.after, "nobody worked meanwhile"
    assert office.before <= entries <= office.after
    assert entries == manifest_of(office).files, "an entry without its file, or the other way round"


def test_a_copy_has_whole_chains_every_file_and_breaks_no_rule(restored: tuple[Office, str]) -> None:
    office, said = restored
    files = manifest_of(office).files
    assert re.findall(r"^verdict .*", said, re.M)[0].endswith("restored whole")
    assert f"{files} of {files} as received" in said
    assert re.search(r"^rules +\d+\.\d s  0 broken$", said, re.M)
    assert re.search(r"^keys +\d+\.\d s  those of the backup$", said, re.M)
    assert "1 chains, all whole" in office.here.flask("audit", "verify")


def test_the_file_is_for_its_owner_only_and_no_unfinished_one_is_left(office: Office) -> None:
    assert office.archive.stat().st_mode & 0o077 == 0
    assert [path.name for path in office.archive.parent.iterdir()] == [office.archive.name]


def test_it_holds_no_key(office: Office) -> None:
    found: dict[str, bytes] = {}
    check_backup(office.archive, KEY, take=lambda name, content: found.update({name: content.read()}))
    everything = b"".join(found.values())
    kept = [path.read_bytes().strip() for path in (office.here.folder / "secrets").iterdir()]
    assert len(kept) == 3
    assert [secret for secret in kept if secret in everything] == []


def test_the_check_reads_everything_and_restores_nothing(office: Office) -> None:
    said = office.here.flask("backup", "check", str(office.archive))
    assert f"{manifest_of(office).files} files" in said
    assert said.startswith("whole: ")


def test_an_altered_one_is_refused_wherever_it_was_altered(office: Office, tmp_path: Path) -> None:
    blob, altered = office.archive.read_bytes(), tmp_path / "altered.backup"
    for place in (*range(0, len(blob), len(blob) // 20), len(blob) - 1):
        altered.write_bytes(blob[:place] + bytes([blob[place] ^ 1]) + blob[place + 1 :])
        with pytest.raises(NotSealed):
            check_backup(altered, KEY)


def test_nothing_is_written_of_an_altered_one(office: Office, tmp_path: Path) -> None:
    """Altered at its end: by then everything else has been found right."""
    blob, altered = bytearray(office.archive.read_bytes()), tmp_path / "altered.backup"
    blob[-1] ^= 1
    altered.write_bytes(blob)
    there = office.elsewhere(tmp_path / "var", "altered")
    assert "Error: this backup was altered, or cut off" in refused(there, "backup", "restore", str(altered))
    assert "restored whole" in there.flask("backup", "restore", str(office.archive)), "the place is as empty as before"


def test_a_place_where_something_lies_is_left_alone(office: Office, restored: tuple[Office, str], tmp_path: Path) -> None:
    before = restored[0].here.flask("audit", "verify")
    assert "has tables already" in refused(restored[0].here, "backup", "restore", str(office.archive))
    assert restored[0].here.flask("audit", "verify") == before
    there = office.elsewhere(tmp_path / "var")
    if "STORAGE_URL" in there.settings:
        there.settings["STORAGE_URL"] = restored[0].here.settings["STORAGE_URL"]
    else:
        (there.folder / "files").mkdir()
        (there.folder / "files" / "one").write_bytes(b"x")
    assert "holds files already" in refused(there, "backup", "restore", str(office.archive))


def test_another_engine_and_other_keys_are_told(office: Office, tmp_path: Path) -> None:
    there = office.elsewhere(tmp_path / "var")
    (there.folder / "secrets" / "field_key").write_text("f" * 64)
    said = refused(there, "backup", "restore", str(office.archive))
    assert "FIELD_KEY is another one" in said
    assert "NOT as it was" in said
    if "TEST_DATABASE_URL" in os.environ:
        del there.settings["DATABASE_URL"], there.settings["STORAGE_URL"]
        said = refused(there, "backup", "restore", str(office.archive))
        assert "the backup holds a postgresql database, DATABASE_URL names sqlite" in said


def test_without_a_key_of_its_own_nothing_is_made(office: Office, tmp_path: Path) -> None:
    place = office.elsewhere(tmp_path / "var")
    del place.settings["BACKUP_KEY"]
    assert "BACKUP_KEY is missing or short" in refused(place, "backup", "make", "--to", str(tmp_path))


class Erasing(Storage):
    """A store whose second file somebody erases while the first one is read."""

    engine: Engine
    erased: str

    def fetch(self, key: str, sha256: str) -> Path:
        if key != self.erased:
            with self.engine.begin() as connection:
                connection.execute(delete(Blob).where(Blob.key == self.erased))
            self.delete(self.erased)
        return super().fetch(key, sha256)


def test_what_is_erased_while_it_is_made_is_told_from_what_is_missing(app: Flask, tmp_path: Path) -> None:
    config = replace(app.extensions["jiebang"], storage_url=f"file://{tmp_path / 'files'}", var=tmp_path)
    plain, engine = make_storage(config), make_engine(fresh_database(tmp_path, "erasing"))
    metadata.create_all(engine)
    with Session(engine) as session:
        received = [receive(upload(pdf(), "plan.pdf"), ANY, store=plain) for _ in range(3)]
        keys = [store_upload(session, upload=each, actor=SYSTEM, now=NOW).key for each in received]
        session.commit()
    (plain.root / keys[2]).unlink()  # type: ignore[operator]
    store = Erasing(plain._store, plain.root, plain.spool)
    store.engine, store.erased = engine, keys[1]
    own = Keys(app.extensions["cipher"], app.extensions["signer"])
    made = make_backup(engine, store=store, config=config, keys=own, key=KEY, folder=tmp_path, now=NOW)
    engine.dispose()
    assert (made.end.removed, made.end.missing) == ([keys[1]], [keys[2]])
    assert check_backup(made.path, KEY).files == 1


@pytest.mark.skipif("TEST_DATABASE_URL" not in os.environ, reason="needs PostgreSQL; run by make test-services")
def test_a_missing_program_of_postgresql_is_named_with_its_package(office: Office, tmp_path: Path) -> None:
    bare = replace(office.here, settings={**office.here.settings, "PATH": str(tmp_path)})
    said = refused(bare, "backup", "make", "--to", str(tmp_path))
    assert "pg_dump is not installed" in said
    assert "apt install postgresql-client" in said


def test_one_at_a_time_and_the_copy_that_a_killed_one_left_goes(office: Office, tmp_path: Path) -> None:
    left = office.here.folder / "spool" / "backup-killed"
    left.mkdir()
    (left / "database").write_bytes(b"rows")
    with (left.parent / "backup.lock").open("wb") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        assert "another backup is being made" in refused(office.here, "backup", "make", "--to", str(tmp_path))
        assert left.exists()
    office.here.flask("backup", "make", "--to", str(tmp_path))
    assert [path.name for path in left.parent.iterdir()] == ["backup.lock"]


def test_a_missing_file_is_told_and_the_rest_is_saved(office: Office, restored: tuple[Office, str], tmp_path: Path) -> None:
    """Exit code 2: a backup lies there, and somebody must look. Old ones go only when that is asked for."""
    if "STORAGE_URL" in office.here.settings:
        pytest.skip("takes a file out of a folder")
    stored = min(path for path in (office.here.folder / "files").rglob("*") if path.is_file())
    hidden = stored.rename(tmp_path / "hidden")
    backups = tmp_path / "backups"
    backups.mkdir()
    for old in ("jiebang-20200101T000000Z.backup", "jiebang-20200102T000000Z.backup", ".jiebang-20200103T000000Z.backup.partial", "notes"):
        (backups / old).touch()
    said = refused(office.here, "backup", "make", "--to", str(backups), "--keep", "2")
    hidden.rename(stored)
    key = f"{stored.parent.name}/{stored.name}"
    assert f"missing or altered in the store: {key}" in said
    kept = sorted(path.name for path in backups.iterdir())
    assert kept[1:] == ["jiebang-20200102T000000Z.backup", "notes"] or kept == [*kept[:2], "notes"]
    assert len(kept) == 3
    (made,) = [path for path in backups.iterdir() if path.stat().st_size > 0]
    assert check_backup(made, KEY).end.missing == [key]


def test_that_it_was_made_is_a_fact_which_the_health_table_tells(office: Office) -> None:
    rows = json.loads(ended(office.here, "check", "--json")[1])
    (found,) = [row for row in rows if row["topic"] == "Backup"]
    assert found["grade"] == "ok"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC, 0 hours ago", found["found"])
