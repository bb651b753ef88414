"""Long files of a released result, made as the worker makes them: all marks as CSV and Excel, six hundred certificates.

`python -m tests.load.papers` in an installation whose result is out prints what each cost, as JSON lines.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path

from sqlalchemy import event, insert, select
from sqlalchemy.engine import Engine

from app.core.authz import Actor
from app.core.db import db
from app.core.uow import atomic
from app.downloads.kinds import KINDS
from app.results.documents.certificates import certificate_pdf
from app.results.models import Award, Certificate, ResultRun, Standing
from app.results.operations.certificates import issue_missing

from .measuring import Cost
from .meter import NOT_COUNTED

CERTIFICATES = 600


@dataclass(frozen=True)
class Made:
    """A file: what it is, milliseconds, processor milliseconds, statements, bytes, and by how many MiB the process's peak grew."""

    name: str
    wall: float
    processor: float
    statements: int
    size: int
    growth: float

    def cost(self) -> Cost:
        """As a row of the table; made once."""
        return Cost(self.name, 1, self.wall, self.wall, self.processor, self.processor, self.statements, self.size, 200)


def peak() -> float:
    """The most memory that the process has held, in MiB (Linux)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(name: str, target: Path, make: Callable[[], object]) -> Made:
    """Make one file at ``target``."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(NOT_COUNTED):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    before, began, started = peak(), time.process_time(), time.perf_counter()
    make()
    wall, processor = time.perf_counter() - started, time.process_time() - began
    event.remove(Engine, "before_cursor_execute", note)
    db.session.rollback()
    return Made(name, wall * 1000, processor * 1000, len(seen), target.stat().st_size, peak() - before)


def with_certificates(run: ResultRun) -> None:
    """An award and a certificate for the first entries of the result."""
    now = datetime.now(UTC)
    first = select(Standing).where(Standing.run_id == run.id, Standing.rank.is_not(None)).order_by(Standing.position).limit(CERTIFICATES)
    granted = {"run_id": run.id, "edition_id": run.edition_id, "level_key": "first", "level_name": "一等奖", "level_name_en": "First prize"}
    rows = [
        {
            **granted,
            "entry_id": row.entry_id,
            "rank": row.rank,
            "prize_wan": Decimal(0),
            "state": "granted",
            "granted_at": datetime.now(UTC),
        }
        for row in db.session.scalars(first)
    ]
    with atomic() as session:
        session.execute(insert(Award), rows)
        awards = list(session.scalars(select(Award).where(Award.run_id == run.id)))
        issue_missing(session, awards=awards, locale="zh_CN", actor=Actor(user_id=1), now=now)


def papers(run: ResultRun, target: Path) -> Iterator[Made]:
    """Every file, the small ones first: the peak of memory only grows."""
    certificate = db.session.scalars(select(Certificate).order_by(Certificate.id)).first()
    assert certificate is not None

    def ordered(kind: str, params: dict[str, object]) -> None:
        KINDS[kind].make(db.session, params, "zh_CN", target, lambda _done, _total: None)

    single = partial(lambda one: target.write_bytes(certificate_pdf(db.session, one)), certificate)
    single()  # libraries and fonts are loaded once a process
    yield measured("one certificate by itself", target, single)
    yield measured("all marks as CSV", target, partial(ordered, "results.marks_csv", {"run_id": run.id}))
    yield measured("all marks as XLSX", target, partial(ordered, "results.marks_xlsx", {"run_id": run.id}))
    every = {"edition_id": run.edition_id, "locale": "zh_CN"}
    yield measured(f"{CERTIFICATES} certificates in a ZIP", target, partial(ordered, "results.certificates_zip", every))


def read(printed: str) -> list[Made]:
    """The lines that another process printed."""
    return [Made(**json.loads(line)) for line in re.findall(r"^\{.*\}$", printed, re.MULTILINE)]


def main() -> int:
    """Measure in the installation of the environment."""
    import wsgi  # opens the database of the settings

    with wsgi.app.app_context(), tempfile.TemporaryDirectory() as folder:
        run = db.session.scalars(select(ResultRun).where(ResultRun.state == "released").order_by(ResultRun.id.desc())).first()
        assert run is not None
        with_certificates(run)
        for made in papers(run, Path(folder) / "file"):
            print(json.dumps(asdict(made)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
