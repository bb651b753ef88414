"""Run as a program in an installation of its own: teams hand in, one after the other, until the program is told to stop.

It says how many have handed in so far, a line each. At its end it leaves what outsiders would hold: a checkpoint of each chain as it was
after the first entry (``early-…``) and now (``late-…``), and the receipts of the first and the last entry.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

WANTED = {name: os.environ[name] for name in ("JIEBANG_VAR", "DATABASE_URL", "STORAGE_URL") if name in os.environ}

from app import migrating  # noqa: E402
from app.audit.operations.checkpoints import make_checkpoint  # noqa: E402
from app.core.db import db  # noqa: E402
from app.core.uow import atomic  # noqa: E402
from app.entries.models import Entry, EntryVersion  # noqa: E402
from app.entries.operations.content import canonical  # noqa: E402
from app.factory import create_app  # noqa: E402
from tests.conftest import NOW  # noqa: E402
from tests.factories.entries import make_call, make_submitted  # noqa: E402

STOP = "stop"


def leave_checkpoints(folder: Path, word: str, signer: object) -> None:
    with atomic() as session:
        for name in ("platform", "edition:1", "edition:2"):
            note = make_checkpoint(session, name=name, occasion=word, origin="http://localhost", signer=signer, now=NOW)
            if note is not None:
                (folder / f"{word}-{name.replace(':', '-')}.txt").write_text(note.note, encoding="utf-8")


def leave_receipt(folder: Path, word: str, entry: Entry) -> None:
    version = db.session.get_one(EntryVersion, entry.current_version_id)
    (folder / f"{word}.json").write_bytes(canonical({"receipt": version.receipt, "signature": version.signature}))


def work(folder: Path) -> None:
    os.environ |= WANTED  # after the tests' own folder
    app = create_app()
    migrating.upgrade()
    signer = app.extensions["signer"]
    with app.app_context():
        with atomic() as session:
            call = make_call(session)
            first = make_submitted(session, call)
            leave_receipt(folder, "first", first)
        leave_checkpoints(folder, "early", signer)
        count = 1
        while not (folder / STOP).exists():
            with atomic() as session:
                last = make_submitted(session, session.merge(call))
            count += 1
            print(count, flush=True)
        leave_receipt(folder, "last", db.session.merge(last))
        with atomic() as session:
            make_submitted(session)  # in an edition that no backup knows
        leave_checkpoints(folder, "late", signer)


work(Path(sys.argv[1]))
