"""A restored copy rests until somebody has held it against what outsiders keep, and then works."""

from __future__ import annotations

import json
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.backup.operations.checking import check_backup
from tests.servers import Installation

from .conftest import KEY, Office, ended, refused


@pytest.fixture(scope="module")
def copy(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    there = office.elsewhere(tmp_path_factory.mktemp("opening") / "var", "opening")
    there.flask("backup", "restore", str(office.archive))
    return there


@pytest.fixture
def served(copy: Installation) -> Iterator[Installation]:
    web = copy.web()
    web.start()
    copy.wait()
    yield copy
    web.stop()


def answer(place: Installation, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{place.port}{path}") as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def seqs(office: Office) -> tuple[int, int]:
    """How many facts the edition's chain has in the backup, and of how many the late checkpoint speaks."""
    late = (office.folder / "late-edition-1.txt").read_text()
    return check_backup(office.archive, KEY).manifest.heads["edition:1"].seq, int(re.findall(r"^size: (\d+)$", late, re.M)[0])


def test_it_can_be_read_and_refuses_to_write(served: Installation) -> None:
    status, page = answer(served, "/")
    assert (status, "banner" in page) == (200, True)
    assert answer(served, "/readyz") == (503, '{"status":"restored, not opened"}\n')
    assert "has not been opened yet" in refused(served, "backup", "make", "--to", str(served.folder))
    (restored,) = [row for row in json.loads(ended(served, "check", "--json")[1]) if row["topic"] == "Restored copy"]
    assert restored["grade"] == "fail"


def test_it_is_not_opened_without_a_note_from_outside_or_a_reason(copy: Installation) -> None:
    assert "give the newest checkpoints" in refused(copy, "backup", "open")


def test_a_note_that_was_altered_or_speaks_of_another_history_keeps_it_closed(office: Office, copy: Installation, tmp_path: Path) -> None:
    early = (office.folder / "early-edition-1.txt").read_text()
    (tmp_path / "altered.txt").write_text(early.replace("size: ", "size: 9"))
    said = refused(copy, "backup", "open", "--yes", "--checkpoint", str(tmp_path / "altered.txt"))
    assert "not signed with this server's key" in said
    assert "not opened" in said
    assert "not a checkpoint" in refused(copy, "backup", "open", "--yes", "--checkpoint", str(office.folder / "first.json"))


def test_it_names_what_is_missing_and_opens_only_when_told_so(office: Office, copy: Installation) -> None:
    have, known = seqs(office)
    notes = [part for word in ("early", "late") for part in ("--checkpoint", str(office.folder / f"{word}-edition-1.txt"))]
    receipts = [part for word in ("first", "last") for part in ("--receipt", str(office.folder / f"{word}.json"))]
    said = refused(copy, "backup", "open", *notes, *receipts)
    assert f"edition:1: facts {have + 1} to {known} are missing ({known - have})" in said
    assert "first.json: is here" in said
    last = json.loads((office.folder / "last.json").read_bytes())["receipt"]
    assert f"receipt {last['receipt']}: entry {last['entry']} of {last['edition']}, version 1" in said
    assert "ask its team to hand it in again" in said
    assert "Aborted!" in said
    assert "has not been opened yet" in refused(copy, "backup", "make", "--to", str(copy.folder))


def test_a_receipt_that_this_server_did_not_sign_is_refused(office: Office, copy: Installation, tmp_path: Path) -> None:
    forged = json.loads((office.folder / "last.json").read_bytes())
    forged["receipt"]["version"] = 7
    (tmp_path / "forged.json").write_text(json.dumps(forged))
    said = refused(copy, "backup", "open", "--yes", "--without-checkpoint", "drill", "--receipt", str(tmp_path / "forged.json"))
    assert "was not signed with this server's key" in said


def test_once_opened_it_works_and_its_journal_tells_what_was_lost(office: Office, served: Installation) -> None:
    have, known = seqs(office)
    assert answer(served, "/readyz")[0] == 503
    notes = [part for number in (1, 2) for part in ("--checkpoint", str(office.folder / f"late-edition-{number}.txt"))]
    said = served.flask("backup", "open", "--yes", *notes)
    assert "open: it works from now on" in said
    assert "edition:2: facts 1 to " in said, "an edition that is newer than the backup"
    assert until_ready(served), "a running process notices it"
    assert "banner" not in answer(served, "/")[1]
    told = served.flask("audit", "verify")
    assert re.search(rf"^edition:1 +{have + 1} rows .* whole$", told, re.M), "one fact more: what was lost"
    assert re.search(r"^platform +1 rows .* whole$", told, re.M)
    assert re.search(r"^edition:2 +1 rows .* whole$", told, re.M)
    assert served.flask("check-invariants").endswith(" 0 broken\n")
    assert known > have
    assert "no restored copy that waits" in refused(served, "backup", "open", "--without-checkpoint", "again")
    made = served.flask("backup", "make", "--to", str(served.folder / "backups"))
    assert ".backup: " in made
    shutil.rmtree(served.folder / "backups")


def until_ready(place: Installation) -> bool:
    import time

    for _ in range(40):
        if answer(place, "/readyz")[0] == 200:
            return True
        time.sleep(0.25)
    return False
