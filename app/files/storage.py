"""The store: a folder or an S3-compatible bucket behind one small interface. Keys are made by the server."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.core.later import later
from config import Config

from .errors import FileMissing

if TYPE_CHECKING:
    import obstore
    import obstore.store as stores
else:
    obstore = later("obstore")
    stores = later("obstore.store")

CHUNK = 1024 * 1024


class Storage:
    """Puts, gets and deletes objects. A local object is on the disk (fsync, rename) before ``put`` returns."""

    def __init__(self, store: Any, root: Path | None, spool: Path) -> None:
        self._store, self.root, self.spool = store, root, spool
        spool.mkdir(parents=True, exist_ok=True)

    def temporary(self) -> Path:
        """A fresh path for an incoming file, on the same disk as the store where it is local."""
        handle, name = tempfile.mkstemp(dir=self.spool)
        os.close(handle)
        return Path(name)

    def put(self, key: str, source: Path) -> None:
        """Move the file at ``source`` into the store under a key that must be new."""
        if self.root is None:
            with source.open("rb") as handle:
                obstore.put(self._store, key, handle)
            source.unlink()
            return
        target = self.root / key
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as handle:
            os.fsync(handle.fileno())
        os.link(source, target)  # fails when the key exists, unlike rename
        source.unlink()
        sync_folder(target.parent)

    def fetch(self, key: str, sha256: str) -> Path:
        """A path to the object's bytes after their digest was found right; raises FileMissing. See ``is_temporary``."""
        path = self.root / key if self.root else self._download(key)
        if not path.exists() or digest_of(path) != sha256:
            raise FileMissing
        return path

    def is_temporary(self, path: Path) -> bool:
        return self.root is None or not path.is_relative_to(self.root)

    def _download(self, key: str) -> Path:
        path = self.temporary()
        try:
            with path.open("wb") as handle:
                for chunk in obstore.get(self._store, key):
                    handle.write(chunk)
        except FileNotFoundError as error:
            path.unlink()
            raise FileMissing from error
        return path

    def delete(self, key: str) -> None:
        """Remove the object; an absent one is no error."""
        try:
            obstore.delete(self._store, key)
        except FileNotFoundError:
            return

    def objects(self) -> Iterator[tuple[str, float]]:
        """Every key with the moment of its storing (seconds)."""
        for batch in obstore.list(self._store):
            for item in batch:
                yield item["path"], item["last_modified"].timestamp()


def digest_of(path: Path) -> str:
    """SHA-256 of the file's bytes, in hex."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def make_storage(config: Config) -> Storage:
    """The store named by ``STORAGE_URL``: ``file:///folder`` or ``s3://bucket/prefix``."""
    spool = config.var / "spool"
    if config.storage_url.startswith("s3://"):
        return Storage(_s3(config), None, spool)
    root = Path(config.storage_url.removeprefix("file://"))
    root.mkdir(parents=True, exist_ok=True)
    return Storage(stores.LocalStore(prefix=str(root)), root, root / ".incoming" if _same_disk_needed(root, spool) else spool)


def _s3(config: Config) -> stores.S3Store:
    bucket, _slash, prefix = config.storage_url.removeprefix("s3://").partition("/")
    named = {"S3_ENDPOINT": "endpoint", "S3_REGION": "region", "S3_KEY": "access_key_id", "S3_SECRET": "secret_access_key"}
    options: dict[str, Any] = {named[key]: value for key, value in config.storage_options.items() if key in named}
    client: Any = {"connect_timeout": "5s", "timeout": "60s"}  # an upload of 200 MB takes longer than a handshake
    if options.get("endpoint", "").startswith("http://"):
        client["allow_http"] = True
    patience: Any = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}
    return stores.S3Store(
        bucket, prefix=prefix or None, client_options=client, retry_config=patience, virtual_hosted_style_request=False, **options
    )


def _same_disk_needed(root: Path, spool: Path) -> bool:
    """A link cannot cross file systems; then incoming files wait beside the store."""
    spool.mkdir(parents=True, exist_ok=True)
    return root.stat().st_dev != spool.stat().st_dev


def sync_folder(folder: Path) -> None:
    """Have the folder's own entries on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def copy_stream(source: Any, target: Path, limit: int) -> tuple[int, str] | None:
    """Copy at most ``limit`` bytes, synced to disk; size and digest, or None when there was more."""
    seen, size = hashlib.sha256(), 0
    with target.open("wb") as handle:
        while chunk := source.read(CHUNK):
            size += len(chunk)
            if size > limit:
                return None
            seen.update(chunk)
            handle.write(chunk)
        handle.flush()  # before the sync, so that nothing waits in this process
        os.fsync(handle.fileno())
    return size, seen.hexdigest()


def clear_spool(spool: Path, older_than: float) -> int:
    """Remove what unfinished uploads left behind; how many."""
    stale = [path for path in spool.glob("*") if path.is_file() and path.stat().st_mtime < older_than]
    for path in stale:
        path.unlink(missing_ok=True)
    return len(stale)


def wipe(root: Path) -> None:
    """Remove a whole local store (demo reset)."""
    shutil.rmtree(root, ignore_errors=True)
