"""An edition's journal as a signed bundle, which plain Python verifies without this system."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.admin.queries.journal import HIDDEN
from app.audit.models import Checkpoint, JournalEvent
from app.audit.queries import payload_of
from app.core.crypto import Signer
from config import ROOT

FORMAT = "jiebang journal bundle v1"
IN_MEMORY = 16 * 1024 * 1024
OLDEST = (1980, 1, 1, 0, 0, 0)  # equal journals make equal archives
README = """This is one chain of the journal of {origin}, with {size} facts, as of {at}.

python3 verify_journal.py THIS.zip --checkpoint YOURS.txt

A checkpoint of your own (from the mails that you kept) shows that nothing before it was removed or rewritten. Details that
tell marks are withheld; their commitments are there, so that the chain can be verified all the same.

这是 {origin} 日志中的一条链，共 {size} 条，导出时间 {at}。请用自己保存的检查点核验：能够发现此前的删改。
涉及分数的内容不随包提供，但其承诺值在内，链条可以完整核验。
"""


def journal_bundle(session: Session, *, name: str, origin: str, signer: Signer, now: datetime) -> tuple[IO[bytes], int, int]:
    """The archive, positioned at its beginning; how many facts it holds, and of how many the details are withheld."""
    target: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- the caller sends it and closes it
    digests: dict[str, str] = {}
    count, withheld, head = 0, 0, ""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        digest = hashlib.sha256()
        with archive.open(zipfile.ZipInfo("journal.jsonl", OLDEST), "w", force_zip64=True) as lines:
            for row, is_withheld in _rows(session, name):
                raw = (json.dumps(row, ensure_ascii=False) + "\n").encode()
                lines.write(raw)
                digest.update(raw)
                count, withheld, head = count + 1, withheld + is_withheld, row["hash"]
        digests["journal.jsonl"] = digest.hexdigest()
        at = now.astimezone(UTC).isoformat(timespec="seconds")
        for path, raw in _files(session, name, origin, count, at):
            _put(archive, path, raw)
            digests[path] = hashlib.sha256(raw).hexdigest()
        manifest = {"format": FORMAT, "origin": origin, "chain": name, "size": count, "head": head, "withheld": withheld,
                    "exported_at": at, "key_id": signer.key_id, "public_key": signer.public_key, "files": digests}  # fmt: skip
        signed = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
        _put(archive, "manifest.json", signed)
        _put(archive, "manifest.sig", signer.sign(signed).encode())
    target.seek(0)
    return target, count, withheld


def _rows(session: Session, name: str) -> Iterator[tuple[dict[str, Any], bool]]:
    wanted = select(JournalEvent).where(JournalEvent.chain == name).order_by(JournalEvent.seq).execution_options(yield_per=1000)
    for row in session.scalars(wanted):
        is_withheld = row.payload is None or bool(HIDDEN & set(payload_of(row) or ()))
        yield {
            "seq": row.seq, "name": row.name, "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"), "actor_id": row.actor_id,
            "actor_role": row.actor_role, "subject": row.subject, "subject_id": row.subject_id, "commit": row.commit, "prev": row.prev,
            "hash": row.hash, "salt": None if is_withheld or row.salt is None else row.salt.hex(),
            "payload": None if is_withheld else row.payload,
        }, is_withheld  # fmt: skip
        session.expunge(row)


def _files(session: Session, name: str, origin: str, count: int, at: str) -> Iterator[tuple[str, bytes]]:
    for made in session.scalars(select(Checkpoint).where(Checkpoint.chain == name, Checkpoint.size <= count).order_by(Checkpoint.id)):
        yield f"checkpoints/{made.id:06d}-{made.size}.txt", made.note.encode()
    yield "verify_journal.py", (ROOT / "tools" / "verify_journal.py").read_bytes()
    yield "README.txt", README.format(origin=origin, size=count, at=at).encode()


def _put(archive: zipfile.ZipFile, path: str, raw: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(path, OLDEST), raw, zipfile.ZIP_DEFLATED)
