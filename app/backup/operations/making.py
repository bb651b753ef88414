"""Making a backup: the database at one moment, then the files that this moment speaks of, straight into a sealed file.

A file is in the store before its row is written and is never changed, so whatever the snapshot names is there when the files are read
after it. Only an erasure or the nightly sweep can take one away meanwhile; such files are named in the end.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import msgspec
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from app.audit.models import JournalHead
from app.audit.operations import record
from app.backup.archive import DATABASE, END, FILES, FORMAT, LISTING, MANIFEST, ArchiveWriter, End, Head, Listed, Manifest, part_of
from app.backup.databases import snapshot
from app.backup.events import BackupMade
from app.core.authz import Actor
from app.core.crypto import FieldCipher, Signer
from app.core.db import Base
from app.files.errors import FileMissing
from app.files.models import Blob
from app.files.storage import Storage, sync_folder
from app.migrating import revision_of
from config import Config

PREFIX, SUFFIX, PARTIAL = "jiebang-", ".backup", ".partial"
COPY, LOCK = "backup-", "backup.lock"
#: Beside what is copied there must be room for the rest of the machine to go on.
SPARE = 64 * 1024 * 1024


class NotMade(Exception):
    """No backup was made; the message says why and what to do."""


@dataclass(frozen=True)
class Keys:
    """What the manifest marks of the installation's own keys, none of which goes into a backup."""

    cipher: FieldCipher
    signer: Signer

    @property
    def field(self) -> str:
        return self.cipher.fingerprint("field key", "backup")[:16]


@dataclass(frozen=True)
class Made:
    """A finished backup."""

    path: Path
    manifest: Manifest
    end: End
    bytes: int


def make_backup(engine: Engine, *, store: Storage, config: Config, keys: Keys, key: str, folder: Path, now: datetime) -> Made:
    """Write ``jiebang-<moment>.backup`` into the folder, under a hidden name until it is whole and on the disk."""
    path = folder / f"{PREFIX}{now:%Y%m%dT%H%M%SZ}{SUFFIX}"
    partial = folder / f".{path.name}{PARTIAL}"
    with _alone(store.spool), tempfile.TemporaryDirectory(prefix=COPY, dir=store.spool) as own:
        manifest = _note_moment(engine, Path(own), config, keys, now)
        _require_room(folder, manifest.database.size + manifest.bytes)
        try:
            with _own_file(partial) as target:
                end = _write(target, key, manifest, Path(own), engine, store)
            os.link(partial, path)  # fails where a backup of this name lies, unlike rename
        finally:
            partial.unlink(missing_ok=True)
    sync_folder(folder)
    return Made(path, manifest, end, path.stat().st_size)


def note_backup(session: Session, *, made: Made, actor: Actor, now: datetime) -> None:
    """Write down that it was made: alarm and health page go by this. Records BackupMade."""
    said = made.manifest
    missing = len(made.end.missing)
    record(session, BackupMade(made.path.name, said.taken_at, made.bytes, said.files - missing, missing), actor=actor, now=now)


def prune(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest ``keep`` backups, and what backups that were killed have left; returns what went."""
    whole = sorted(folder.glob(f"{PREFIX}*{SUFFIX}"))
    gone = whole[:-keep] + sorted(folder.glob(f".{PREFIX}*{PARTIAL}"))
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


@contextmanager
def _alone(spool: Path) -> Iterator[None]:
    """One backup at a time on a machine; the copy of the database that a killed one has left goes."""
    with (spool / LOCK).open("wb") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise NotMade("another backup is being made on this machine") from error
        for left in spool.glob(f"{COPY}*/"):
            shutil.rmtree(left)
        yield


def _own_file(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _require_room(folder: Path, size: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < size + SPARE:
        raise NotMade(f"{folder} has {free // 10**6} MB free, the backup needs {(size + SPARE) // 10**6} MB")


def _note_moment(engine: Engine, own: Path, config: Config, keys: Keys, now: datetime) -> Manifest:
    """The snapshot and the list of files, as files in our own folder, and what is to be known of them."""
    with snapshot(engine, own / DATABASE) as session:
        files, size = _list_files(session, own / LISTING)
        heads = {head.chain: Head(head.seq, head.hash) for head in session.scalars(select(JournalHead).order_by(JournalHead.chain))}
        rows = count_rows(session)
        revision = revision_of(session.connection()) or ""
    return Manifest(
        format=FORMAT, taken_at=now, engine=engine.dialect.name, revision=revision, origin=config.base_url,
        database=part_of(own / DATABASE), listing=part_of(own / LISTING), files=files, bytes=size, rows=rows, heads=heads,
        configuration=configuration_digest(config), field_key=keys.field, signing_key=keys.signer.key_id,
    )  # fmt: skip


def _list_files(session: Session, path: Path) -> tuple[int, int]:
    """One line for each stored file; how many, and their bytes together."""
    count = total = 0
    wanted = select(Blob.key, Blob.sha256, Blob.size).order_by(Blob.id).execution_options(yield_per=1000)
    with path.open("wb") as handle:
        for row in session.execute(wanted):
            handle.write(msgspec.json.encode(Listed(*row)) + b"\n")
            count, total = count + 1, total + row.size
    return count, total


def count_rows(session: Session) -> dict[str, int]:
    """How many rows each table of this version has."""
    return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in Base.metadata.sorted_tables}


def configuration_digest(config: Config) -> str:
    """Of the settings that are no secrets; equal digests mean equal settings."""
    shown = {
        "env": config.env, "base_url": config.base_url, "trusted_hosts": sorted(config.trusted_hosts), "proxy_hops": config.proxy_hops,
        "database": config.database_url.partition(":")[0], "files": config.storage_url.partition(":")[0],
        "mail": config.mail_url.partition(":")[0], "redis": bool(config.redis_url),
    }  # fmt: skip
    return hashlib.sha256(msgspec.json.encode(shown, order="sorted")).hexdigest()


def _write(target: BinaryIO, key: str, manifest: Manifest, own: Path, engine: Engine, store: Storage) -> End:
    archive = ArchiveWriter(target, key)
    archive.add_struct(MANIFEST, manifest)
    for name in (DATABASE, LISTING):
        archive.add(name, own / name)
    end = End([], [])
    with (own / LISTING).open("rb") as lines:
        for line in lines:
            _add_file(archive, msgspec.json.decode(line, type=Listed), end, engine, store)
    archive.add_struct(END, end)
    archive.finish()
    target.flush()  # before the sync, so that nothing waits in this process
    os.fsync(target.fileno())
    return end


def _add_file(archive: ArchiveWriter, listed: Listed, end: End, engine: Engine, store: Storage) -> None:
    try:
        path = store.fetch(listed.key, listed.sha256)
    except FileMissing:
        (end.missing if _is_known(engine, listed.key) else end.removed).append(listed.key)
        return
    try:
        archive.add(FILES + listed.key, path)
    finally:
        if store.is_temporary(path):
            path.unlink(missing_ok=True)


def _is_known(engine: Engine, key: str) -> bool:
    """Whether the living database still has the file: if not, somebody removed it while we copied."""
    with Session(engine) as session:
        return session.scalar(select(text("1")).where(Blob.key == key)) is not None
