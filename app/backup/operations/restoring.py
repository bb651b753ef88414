"""Restoring into an empty place: first everything is checked, then the files are put in their store, last the database.

Files come before the rows that name them, as with every upload; and a restoration that was broken off has no database, so nobody can
take it for a whole one. The database comes up marked as a copy that rests (``core.resting``).
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import migrating
from app.admin.invariants import broken_invariants
from app.audit.operations.verify import verify_all
from app.backup.archive import DATABASE, FILES, Digesting, Manifest
from app.backup.databases import is_empty, load
from app.backup.sealing import CHUNK
from app.files.operations.sweeping import dangling
from app.files.storage import Storage

from .checking import Checked, check_backup
from .making import Keys, count_rows


class NotRestored(Exception):
    """Nothing was written, or not everything; the message says why and what to do."""


@dataclass(frozen=True)
class Step:
    """One line of the table: what was done, how long it took, what was found, and whether it is as it should be."""

    name: str
    seconds: float
    found: str
    is_well: bool = True


@dataclass
class Report:
    """The steps as they are done; each is told at once."""

    tell: Callable[[Step], None]
    steps: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[list[str]]:
        """Time a step; what is put into the list is what was found, what begins with ``!`` is a fault."""
        began, found = time.monotonic(), list[str]()
        yield found
        done = Step(name, time.monotonic() - began, ", ".join(text.removeprefix("!") for text in found),
                    not any(text.startswith("!") for text in found))  # fmt: skip
        self.steps.append(done)
        self.tell(done)

    @property
    def is_well(self) -> bool:
        return all(step.is_well for step in self.steps)

    @property
    def seconds(self) -> float:
        return sum(step.seconds for step in self.steps)


@dataclass(frozen=True)
class Place:
    """Where a backup is restored to."""

    engine: Engine
    store: Storage

    def require_empty(self) -> None:
        """Raise NotRestored where anything lies: a restoration never writes over something."""
        if not is_empty(self.engine):
            raise NotRestored("the database has tables already: a backup is restored into an empty place only")
        if next(iter(self.store.objects()), None) is not None:
            raise NotRestored("the file store holds files already: a backup is restored into an empty place only")


def restore_backup(path: Path, key: str, *, place: Place, keys: Keys, report: Report, now: datetime) -> Checked:
    """Check all, then write all; ``verify_restored`` comes next. Raises NotSealed or NotRestored before anything is written."""
    place.require_empty()
    with report.step("archive checked") as found:
        checked = check_backup(path, key, begin=lambda manifest: _require_fitting(manifest, place.engine))
        found.append(
            f"{checked.files} files and the database of {checked.manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC, {_mb(path.stat().st_size)}"
        )
    with tempfile.TemporaryDirectory(prefix="restore-", dir=place.store.spool) as own:
        with report.step("files restored") as found:
            check_backup(path, key, take=lambda name, content: _put(name, content, Path(own), place.store))
            found.append(f"{checked.files} files, {_mb(checked.bytes)}")
        with report.step("database restored") as found:
            load(place.engine, Path(own) / DATABASE, archive=path.name, taken_at=checked.manifest.taken_at, now=now)
            found.append(f"{checked.manifest.engine}, {_mb(checked.manifest.database.size)}")
    with report.step("migrations") as found:
        found.append(f"{checked.manifest.revision} to {migrating.newest()}" if migrating.pending() else "none needed")
        migrating.upgrade()
    _compare_keys(checked.manifest, keys, report)
    return checked


def verify_restored(session: Session, *, checked: Checked, store: Storage, report: Report) -> None:
    """Chains, files, rules and counts, read from where they lie now."""
    manifest = checked.manifest
    with report.step("chains verified") as found:
        reports = verify_all(session)
        found.append(f"{len(reports)} chains, {sum(each.length for each in reports)} facts")
        found += [f"!{each.chain} broken at {each.broken_at}" for each in reports if not each.is_whole]
        heads = {each.chain: (each.length, each.head) for each in reports}
        found += [f"!{chain} has another head than the manifest" for chain, head in manifest.heads.items()
                  if heads.get(chain) != (head.seq, head.hash)]  # fmt: skip
    with report.step("files verified") as found:
        absent = {blob.key for blob in dangling(session, store=store)}
        found.append(f"{manifest.files - len(absent)} of {manifest.files} as received")
        found += [f"!{key} missing or altered" for key in sorted(absent - {*checked.end.missing, *checked.end.removed})]
        if checked.end.missing:
            found.append(f"{len(checked.end.missing)} were missing when the backup was made")
        if checked.end.removed:
            found.append(f"{len(checked.end.removed)} were removed while it was made")
    with report.step("rules") as found:
        broken = broken_invariants(session)
        found += [f"!{each.invariant.name}: {each.said}" for each in broken] or ["0 broken"]
    with report.step("rows counted") as found:
        rows = count_rows(session) | {"restorations": manifest.rows.get("restorations", 0)}  # the mark is ours
        found.append(f"{sum(rows.values())} rows in {len(rows)} tables")
        found += [f"!{table} has {rows.get(table)} rows instead of {count}" for table, count in manifest.rows.items()
                  if rows.get(table) != count]  # fmt: skip


def _require_fitting(manifest: Manifest, engine: Engine) -> None:
    if manifest.engine != engine.dialect.name:
        raise NotRestored(f"the backup holds a {manifest.engine} database, DATABASE_URL names {engine.dialect.name}")
    if not migrating.knows(manifest.revision):
        raise NotRestored(f"the backup was made by a newer version (revision {manifest.revision}): restore it with that version")


def _put(name: str, content: Digesting, own: Path, store: Storage) -> None:
    """The database waits in our own folder, the others go to the store, each before the next one is read."""
    path = own / DATABASE if name == DATABASE else store.temporary()
    with path.open("wb") as handle:
        while data := content.read(CHUNK):
            handle.write(data)
    if name != DATABASE:
        store.put(name.removeprefix(FILES), path)


def _compare_keys(manifest: Manifest, keys: Keys, report: Report) -> None:
    """Neither key lies in a backup: who restores brings them along."""
    with report.step("keys") as found:
        if manifest.field_key != keys.field:
            found.append("!FIELD_KEY is another one: sealed fields cannot be read with it")
        if manifest.signing_key != keys.signer.key_id:
            found.append("!secrets/signing.pem is another one: receipts and checkpoints cannot be verified with it")
        if not found:
            found.append("those of the backup")


def _mb(size: int) -> str:
    return f"{size / 10**6:.1f} MB"
