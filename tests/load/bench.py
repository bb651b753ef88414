"""`make bench`: what the main pages cost for 600 and for 5,000 entries, beside the floor of the same minute.

SIZES=600,5000 SAMPLES=40 choose otherwise. One web process with threads, as on one machine; requests one after the other, so
that the figures are costs and not queues. CPU is that of the web process, without a database server's.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.servers import Installation, Process

from .browser import Browser
from .measuring import HEADING, Cost, measure
from .scenes import Entering, Judging, Organizing, Request

JUDGES_PER_TEN_ENTRIES = 1


class Floor:
    """The least application, running beside the product on the same machine and the same kind of database file."""

    def __init__(self, folder: Path) -> None:
        self.installation = Installation(folder, {"FLOOR_DATABASE_URL": f"sqlite:///{folder / 'floor.db'}"})
        self.server: Process = self.installation.web("tests.load.meter:floor")
        self.server.start()
        self.installation.wait()
        self.browser = Browser(self.installation.port)
        self.browser.get("/sign-in")

    def page(self, _number: int) -> Request:
        return lambda: self.browser.get("/page")

    def commit(self, number: int) -> Request:
        return lambda: self.browser.post("/commit", {"body": f"{number:06d}" * 100})

    def costs(self, samples: int) -> tuple[Cost, Cost]:
        """The bare page and the bare commit."""
        page = measure("floor: page with session and one query", self.browser, self.page, samples)
        commit = measure("floor: one durable commit", self.browser, self.commit, samples, expect=(303,))
        return page, commit


def costs(installation: Installation, samples: int) -> Iterator[tuple[Cost, bool]]:
    """Every row of the table, and whether it is a write (then the commit is its floor)."""
    port = installation.port
    visitor = Browser(port)
    yield measure("portal", visitor, lambda _n: lambda: visitor.get("/"), samples), False
    judge = Judging(port)
    yield measure("judge's queue", visitor, judge.queue, samples), False
    yield measure("score form", visitor, judge.form, samples), False
    yield measure("save of a score sheet", visitor, judge.save, samples, expect=(303,)), True
    team = Entering(port)
    handed = min(samples, 50)
    yield measure("upload of a file of 2 MB", visitor, team.upload, handed, expect=(303,)), True
    yield measure("handing in the entry with it", visitor, team.submit, handed, expect=(303,)), True
    organizer = Organizing(port)
    yield measure("entries table sorted by score", visitor, organizer.entries, samples), False
    installation.run("python", "-m", "tests.load.edition", "seal")
    yield measure("computing the result", visitor, lambda _n: organizer.compute, 3, expect=(303,), warm_up=0), True
    yield measure("result table", visitor, organizer.result, samples), False


def bench(folder: Path, entries: int, samples: int, floor: Floor) -> dict[str, Cost]:
    """Fill, serve, measure and print one size."""
    installation = Installation(folder)
    installation.flask("db", "upgrade")
    installation.run("python", "-m", "tests.load.edition", str(entries), str(max(10, entries * JUDGES_PER_TEN_ENTRIES // 10)))
    server = installation.web("tests.load.meter:jiebang")
    server.start()
    found: dict[str, Cost] = {}
    try:
        installation.wait()
        page, commit = floor.costs(samples)
        print(f"\n{entries} entries, {5 * entries} score sheets\n{HEADING}")
        print(page.row(page.p50), commit.row(commit.p50), sep="\n", flush=True)
        for cost, writes in costs(installation, samples):
            found[cost.name] = cost
            print(cost.row(commit.p50 if writes else page.p50), flush=True)
    finally:
        server.stop()
    return found


def compare(small: dict[str, Cost], large: dict[str, Cost], sizes: tuple[int, int]) -> None:
    """How much each row grows; only what shows more may."""
    print(f"\nfrom {sizes[0]} to {sizes[1]} entries{'':<23}{'CPU ×':>8} {'SQL':>12} {'kB':>16}")
    for name, one in small.items():
        two = large[name]
        sizes_shown = f"{one.size / 1000:.1f} → {two.size / 1000:.1f}"
        print(f"{name:<44}{two.processor / one.processor:8.2f} {f'{one.statements} → {two.statements}':>12} {sizes_shown:>16}")


def main() -> int:
    """Run every size asked for."""
    sizes = [int(size) for size in os.environ.get("SIZES", "600,5000").split(",")]
    samples = int(os.environ.get("SAMPLES", "40"))
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")
    found: dict[int, dict[str, Cost]] = {}
    with tempfile.TemporaryDirectory(prefix="jiebang-bench-") as temporary:
        base = Path(temporary)
        (base / "floor").mkdir()
        floor = Floor(base / "floor")
        try:
            for size in sizes:
                (base / str(size)).mkdir()
                found[size] = bench(base / str(size), size, samples, floor)
        finally:
            floor.server.stop()
    if len(sizes) > 1:
        compare(found[sizes[0]], found[sizes[-1]], (sizes[0], sizes[-1]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
