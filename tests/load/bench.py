"""`make bench`: what the main pages cost for 600 and for 5,000 entries, beside the floor and the goals, in production settings.

SIZES=600,5000 SAMPLES=40 choose otherwise. DATABASE_URL=postgresql://… measures on that server, in databases of its own that are dropped
afterwards; without it SQLite. One web process with threads, requests one after the other: costs, not queues. CPU is that of the web
process, without a database server's. Clock times on a busy machine mean little; CPU and statements do.
"""

from __future__ import annotations

import os
import platform
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from app.serve import ENVIRONMENT
from tests.servers import Installation, Process

from . import papers, throughput
from .browser import Browser
from .goals import FLOOR_OVER_THIS, GOALS, GROWTH, MEGABYTES, MEGABYTES_AFTER_LOAD, NO_GOAL, SECONDS_TO_START
from .measuring import HEADING, Cost, measure
from .scenes import Entering, Judging, Organizing, Request, Visiting

PUBLIC = "/contests/load-judging/results/T1-G1/2"


class Floor:
    """The least application, running beside the product on the same machine and the same kind of database."""

    def __init__(self, folder: Path, url: str) -> None:
        self.installation = Installation(folder, {"FLOOR_DATABASE_URL": url})
        self.server: Process = self.installation.web("tests.load.meter:floor")
        self.server.start()
        self.installation.wait()
        self.browser = self.signed_in()

    def signed_in(self) -> Browser:
        browser = Browser(self.installation.port)
        browser.get("/sign-in")
        return browser

    def page(self, _number: int) -> Request:
        return lambda: self.browser.get("/page")

    def commit(self, number: int) -> Request:
        return lambda: self.browser.post("/commit", {"body": f"{number:06d}" * 100})

    def costs(self, samples: int) -> tuple[Cost, Cost]:
        """The bare page and the bare commit."""
        page = measure("floor: session and one query", self.browser, self.page, samples)
        commit = measure("floor: one durable commit", self.browser, self.commit, samples, expect=(303,))
        return page, commit


@contextmanager
def database(name: str, folder: Path) -> Iterator[str]:
    """The address of a fresh database of that name: a file, or one on the server of DATABASE_URL that is dropped afterwards."""
    given = os.environ.get("DATABASE_URL", "")
    if not given or given.startswith("sqlite"):
        yield f"sqlite:///{folder / f'{name}.db'}"
        return
    server = make_url(given).set(drivername="postgresql+psycopg")
    own = f"jiebang_bench_{name}_{secrets.token_hex(3)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{own}"'))
    try:
        yield server.set(database=own).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{own}" WITH (FORCE)'))
        engine.dispose()


def production(folder: Path, url: str) -> Installation:
    """An installation as an office runs it, but on the loopback address."""
    keys = {"SECRET_KEY": secrets.token_hex(32), "FIELD_KEY": secrets.token_hex(32)}
    installation = Installation(folder, {"JIEBANG_ENV": "production", "DATABASE_URL": url, **ENVIRONMENT, **keys})
    installation.settings["BASE_URL"] = f"http://127.0.0.1:{installation.port}"
    return installation


def costs(installation: Installation, entries: int, samples: int) -> Iterator[tuple[Cost, bool]]:
    """Every row of the table, and whether it is a write (then the commit is its floor)."""
    port, visitor = installation.port, Visiting(installation.port)
    pinger = visitor.browser

    def page(name: str, action: object) -> tuple[Cost, bool]:
        return measure(name, pinger, action, samples, expect=(200, 304)), False  # type: ignore[arg-type]

    yield page("home", visitor.page("/"))
    yield page("home, unchanged (304)", visitor.unchanged("/"))
    judge = Judging(port)
    yield page("judge's queue", judge.queue)
    yield page("score form", judge.form)
    yield measure("save of a score sheet", pinger, judge.save, samples, expect=(303,)), True
    team, handed = Entering(port), min(samples, 50)
    yield measure("upload of a file of 2 MB", pinger, team.upload, handed, expect=(303,)), True
    yield measure("handing in the entry with it", pinger, team.submit, handed, expect=(303,)), True
    organizer = Organizing(port)
    installation.run("python", "-m", "tests.load.edition", "seal")
    worker = installation.jobs()  # computes large results
    worker.start()
    yield measure("computing the result", pinger, lambda _n: organizer.compute, 3, expect=(303,), warm_up=0), True
    worker.stop()
    yield page("result table, 100 rows", organizer.result)
    installation.run("python", "-m", "tests.load.edition", "release")
    for size in (50, 250):
        yield page(f"entries by score, {size} rows", organizer.entries(size))
    yield page("entries by score, all rows", organizer.all_entries(entries))
    yield page("contest page", visitor.page("/contests/load-judging"))
    yield page("public result, 100 rows", visitor.page(PUBLIC))
    yield page("public result, all rows", visitor.page(f"{PUBLIC}?all=1"))
    yield page("public result, unchanged (304)", visitor.unchanged(PUBLIC))


def started(installation: Installation, server: Process) -> float:
    """Seconds from the start of the process to the first answered page."""
    begun = time.perf_counter()
    server.start()
    installation.wait()
    Browser(installation.port).get("/")
    return time.perf_counter() - begun


def megabytes(server: Process) -> float:
    """Resident memory of the largest worker, in MiB."""
    pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in server.children()]
    return max(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20


def rates(installation: Installation, floor: Floor, entries: int) -> None:
    """Sixteen clients, each row beside the floor's page of the same minute."""
    desks = throughput.judges(installation.port)
    organizers = [Organizing(installation.port).browser for _ in range(throughput.CLIENTS)]
    strangers = [floor.signed_in() for _ in range(throughput.CLIENTS)]
    table = "/manage/load-judging/entries/?sort=-score&size=250"
    work = {
        "save of a score sheet": lambda: throughput.saves(desks),
        "score form": lambda: throughput.forms(desks, 20),
        "judge's queue": lambda: throughput.same_page([desk.browser for desk in desks], "/desk/", 20),
        "entries by score, 250 rows": lambda: throughput.same_page(organizers, table, 5),
    }
    print(f"\n{entries} entries, {throughput.CLIENTS} clients{'':<17}{'a second':>9} {'floor_over_this':>16} {'goal':>6}")
    for name, run in work.items():
        own, ratio = throughput.floor_over(lambda: throughput.same_page(strangers, "/page", 60), run)
        print(f"{name:<34}{own:9.0f} {ratio:16.1f} {f'≤ {FLOOR_OVER_THIS[name]}':>6}", flush=True)


def bench(folder: Path, url: str, entries: int, samples: int, floor: Floor) -> dict[str, Cost]:
    """Fill, serve, measure and print one size."""
    installation = production(folder, url)
    installation.flask("db", "upgrade")
    installation.run(
        "python", "-m", "tests.load.edition", str(entries), str(max(10, entries * 3 // 50 if entries > 1000 else entries // 10))
    )
    server = installation.web("tests.load.meter:jiebang")
    seconds = started(installation, server)
    found: dict[str, Cost] = {}
    try:
        warm = [Browser(installation.port).get("/") for _ in range(20)]
        print(f"\n{entries} entries, {5 * entries} score sheets: first answer after {seconds:.1f} s (≤ {SECONDS_TO_START}), "
              f"{megabytes(server):.0f} MiB after {len(warm)} pages (≤ {MEGABYTES})")  # fmt: skip
        rates(installation, floor, entries)
        page, commit = floor.costs(samples)
        print(f"\n{entries} entries\n{HEADING}\n{page.row(page.processor)}\n{commit.row(commit.processor)}", flush=True)
        for cost, writes in costs(installation, entries, samples):
            found[cost.name], goal = cost, GOALS.get(cost.name, NO_GOAL)
            print(cost.row((commit if writes else page).processor, goal.processor(entries), goal.statements), flush=True)
        for made in papers.read(installation.run("python", "-m", "tests.load.papers")):
            found[made.name], goal = made.cost(), GOALS.get(made.name, NO_GOAL)
            limit = f" (≤ {GROWTH[made.name]})" if made.name in GROWTH else ""
            print(f"{made.cost().row(page.processor, goal.processor(entries), goal.statements)}  {made.growth:+.0f} MiB{limit}", flush=True)
        print(f"memory after all of this: {megabytes(server):.0f} MiB (≤ {MEGABYTES_AFTER_LOAD})", flush=True)
    finally:
        server.stop()
    return found


def compare(small: dict[str, Cost], large: dict[str, Cost], sizes: tuple[int, int]) -> None:
    """How much each row grows; only what shows more may."""
    print(f"\nfrom {sizes[0]} to {sizes[1]} entries{'':<13}{'CPU ms':>15} {'SQL':>9} {'kB':>16}")
    for name, one in small.items():
        two = large[name]
        figures = (f"{one.processor:.1f} → {two.processor:.1f}", f"{one.statements} → {two.statements}")
        print(f"{name:<34}{figures[0]:>15} {figures[1]:>9} {f'{one.size / 1000:.1f} → {two.size / 1000:.1f}':>16}")


def main() -> int:
    """Run every size asked for."""
    sizes = [int(size) for size in os.environ.get("SIZES", "600,5000").split(",")]
    samples = int(os.environ.get("SAMPLES", "40"))
    found: dict[int, dict[str, Cost]] = {}
    with tempfile.TemporaryDirectory(prefix="jiebang-bench-") as temporary:
        base = Path(temporary)
        with database("floor", base) as floor_url:
            kind = "SQLite" if floor_url.startswith("sqlite") else "PostgreSQL"
            print(
                f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {kind}, load {os.getloadavg()[0]:.1f}"
            )
            (base / "floor").mkdir()
            floor = Floor(base / "floor", floor_url)
            try:
                for size in sizes:
                    (base / str(size)).mkdir()
                    with database(str(size), base) as url:
                        found[size] = bench(base / str(size), url, size, samples, floor)
            finally:
                floor.server.stop()
    if len(sizes) > 1:
        compare(found[sizes[0]], found[sizes[-1]], (sizes[0], sizes[-1]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
