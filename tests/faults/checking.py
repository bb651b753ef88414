"""Reading the database after the kills: what is there, whether the chains hold, whether every duty was done."""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass
from pathlib import Path

import pysqlite3.dbapi2 as sqlite

from app.core.crypto import FieldCipher
from app.core.types import SealedJSON
from tests.servers import Installation

from .acks import Tally, tally
from .clients import Client

RECOVERY_SECONDS = 150


def rows(database: Path, statement: str) -> list[tuple[object, ...]]:
    """The rows of one select, read beside the running processes."""
    with sqlite.connect(database, timeout=20) as connection:
        return list(connection.execute(statement))


def undone_deliveries(database: Path) -> int:
    """Facts that a subscriber has not yet heard."""
    return int(str(rows(database, "SELECT count(*) FROM deliveries WHERE state = 'pending'")[0][0]))


def wait_for_deliveries(database: Path) -> int:
    """How many deliveries are still undone after the consumer had time to recover."""
    deadline = time.monotonic() + RECOVERY_SECONDS
    while time.monotonic() < deadline:
        if undone_deliveries(database) == 0:
            return 0
        time.sleep(1)
    return undone_deliveries(database)


@dataclass(frozen=True)
class Finding:
    """One more thing that must be zero."""

    what: str
    count: int

    def row(self) -> str:
        return f"{self.what:<60} {self.count:6d}"


def sheet_tally(database: Path, judges: list[Client]) -> Tally:
    """Saves of score sheets by their idempotency key."""
    sent = {key for judge in judges for key in judge.log.sent}
    acked = {key for judge in judges for key in judge.log.acked}
    comments = "SELECT json_extract(content, '$.comment') FROM sheet_saves WHERE key NOT LIKE 'load-%'"
    stored = [str(comment).rpartition(" ")[2] for (comment,) in rows(database, comments)]
    return tally("score sheets", sent, acked, stored)


def market_texts(database: Path) -> dict[str, str]:
    """The last answer to one question by code of entry. Answers lie sealed; the key is the installation's."""
    cipher = FieldCipher((database.parent / "secrets" / "field_key").read_text(encoding="ascii").strip())
    found = {}
    for code, text in rows(database, "SELECT code, answers FROM entries WHERE edition_id = 2"):
        sealed = str(text).removeprefix(SealedJSON.MARK)
        found[str(code)] = json.loads(cipher.decrypt(base64.b64decode(sealed), "entries.answers")).get("market")
    return found


def draft_tally(database: Path, teams: list[Client]) -> Tally:
    """Saves of drafts. A draft keeps only its last text; each save that changed something is counted by the journal.

    Lost: fewer journal rows than acknowledged saves, or a last text older than the last acknowledged one. Twice: more
    journal rows than saves that were sent. Phantom: a last text that nobody sent.
    """
    sent = sum(len(team.log.sent) for team in teams)
    acked = sum(len(team.log.acked) for team in teams)
    counted = count(database, "SELECT count(*) FROM journal_events WHERE name = 'entries.answers_saved'")
    texts = market_texts(database)
    older = phantom = 0
    for team in teams:
        for work in team.works:
            known = {key: value["number"] for key, value in team.log.sent.items() if value["url"] == work.url}
            number, _space, key = str(texts[work.url.split("/")[3]]).partition(" ")
            last = max((known[k] for k in team.log.acked if k in known), default=0)
            if key in known:
                older += int(number) < last
            elif last:
                phantom += 1
    return Tally(
        what="entry drafts", sent=sent, acked=acked, present=counted, lost=max(0, acked - counted) + older,
        duplicated=max(0, counted - sent), phantom=phantom, kept_unacked=max(0, counted - acked),
    )  # fmt: skip


def findings(installation: Installation, judges: list[Client], web: int) -> list[Finding]:
    """Everything besides the tallies, after the processes have ended."""
    database = installation.folder / "jiebang.db"
    gaps = """SELECT count(*) FROM (SELECT sheet_id FROM sheet_saves GROUP BY sheet_id
              HAVING max(revision) != count(*) OR count(DISTINCT revision) != count(*))"""
    stale = """SELECT count(*) FROM score_sheets s JOIN sheet_saves v ON v.sheet_id = s.id AND v.revision = s.revision
               WHERE json_extract(v.content, '$.comment') != s.comment AND v.key NOT LIKE 'load-%'"""
    silent = """SELECT count(*) FROM sheet_saves v WHERE v.key NOT LIKE 'load-%' AND NOT EXISTS (SELECT 1 FROM journal_events e
                WHERE e.subject_id = v.sheet_id AND e.name = 'judging.sheet_saved'
                AND json_extract(e.payload, '$.revision') = v.revision)"""
    return [
        Finding("sheets whose revisions have gaps or repeats", count(database, gaps)),
        Finding("sheets that differ from their last save", count(database, stale)),
        Finding("saves without their row in the journal", count(database, silent)),
        Finding("chain breaks (flask audit verify)", chain_breaks(installation)),
        Finding("rows that point at nothing", len(rows(database, "PRAGMA foreign_key_check"))),
        Finding("faults of the file (integrity_check)", len(rows(database, "PRAGMA integrity_check")) - 1 + (not whole(database))),
        Finding("server errors seen by clients", sum(n for judge in judges for code, n in judge.answers.items() if code >= 500)),
        Finding("deliveries not done after recovery", web),
    ]


def count(database: Path, statement: str) -> int:
    return int(str(rows(database, statement)[0][0]))


def whole(database: Path) -> bool:
    return rows(database, "PRAGMA integrity_check")[0][0] == "ok"


def chain_breaks(installation: Installation) -> int:
    """Chains that do not verify, as the operator's own command sees them."""
    try:
        installation.flask("audit", "verify")
    except RuntimeError as error:
        return max(1, str(error).count("BROKEN"))
    return 0
