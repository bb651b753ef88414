"""`make test-faults`: kill web and worker processes while people save; print what was acknowledged and what is there.

KILLS=300 SEED=… choose how much and which; SABOTAGE=early or twice (1 means early) runs a broken build, which must fail.
"""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.load.edition import FIRST_DRAFT
from tests.servers import Installation

from .acks import Tally
from .checking import draft_tally, findings, sheet_tally, wait_for_deliveries
from .clients import Client, Judge, Team, Work
from .killing import Ground, Killer, StandstillError

JUDGES, ENTRIES = 8, 40
TEAMS, DRAFTS_EACH = 3, 5
BUILDS = {
    "": "wsgi:app",
    "1": "tests.faults.sabotage:early",
    "early": "tests.faults.sabotage:early",
    "twice": "tests.faults.sabotage:twice",
}


def judges_of(installation: Installation, seed: int, stopping: threading.Event) -> list[Client]:
    """Judges with the sheets that the filled edition gives them: sheet n belongs to seat 1 + (n - 1) mod judges."""
    judges: list[Client] = []
    for seat in range(1, JUDGES + 1):
        mine = [n for n in range(1, ENTRIES * 5 + 1) if 1 + (n - 1) % JUDGES == seat]
        works = [Work(f"/desk/assignments/{n}", version="1") for n in mine]
        email = f"judge{seat}@load.example"
        judges.append(Judge(installation.port, email, works, installation.folder, seed + seat, stopping))
    return judges


def teams_of(installation: Installation, seed: int, stopping: threading.Event) -> list[Client]:
    """Browsers of one team's leader, each on drafts of its own."""
    teams: list[Client] = []
    for place in range(TEAMS):
        mine = range(FIRST_DRAFT + place * DRAFTS_EACH, FIRST_DRAFT + (place + 1) * DRAFTS_EACH)
        works = [Work(f"/my/entries/D{n:07d}/sections/about/autosave", version="") for n in mine]
        team = Team(installation.port, "team1@load.example", works, installation.folder, seed + 1000 + place, stopping)
        team.log.path = installation.folder / f"team-{place}.acks"
        teams.append(team)
    return teams


def run(folder: Path, kills: int, seed: int, build: str) -> int:
    """One whole run; 0 when every count that must be zero is zero."""
    installation = Installation(folder)
    installation.flask("db", "upgrade")
    installation.run("python", "-m", "tests.load.edition", str(ENTRIES), str(JUDGES))
    stopping = threading.Event()
    ground = Ground.start(installation, build)
    judges, teams = judges_of(installation, seed, stopping), teams_of(installation, seed, stopping)
    clients = judges + teams
    killer = Killer(ground, kills, seed, lambda: sum(len(client.log.acked) for client in clients))
    started = time.monotonic()
    try:
        for client in clients:
            client.start()
        try:
            killer.run()
        except StandstillError as error:
            print(error)
        stopping.set()
        for client in clients:
            client.join(timeout=120)
        undone = wait_for_deliveries(folder / "jiebang.db")
    finally:
        stopping.set()
        ground.stop()
    database = folder / "jiebang.db"
    tallies = [sheet_tally(database, judges), draft_tally(database, teams)]
    return report(installation, clients, tallies, killer, undone, time.monotonic() - started)


def report(installation: Installation, clients: list[Client], tallies: list[Tally], killer: Killer, undone: int, seconds: float) -> int:
    """Print the figures; 1 when any is not what it must be."""
    others = findings(installation, clients, undone)
    print(f"{sum(killer.done.values())} kills in {seconds:.0f} s ({killer.summary()}); seed {killer.seed}")
    print(f"{sum(client.retries for client in clients)} requests were cut off and sent again with the same key")
    for line in tallies:
        print(line.row())
    for finding in others:
        print(finding.row())
    problems = [client.problem for client in clients if client.problem]
    for problem in problems:
        print(problem)
    if problems or any(finding.count for finding in others):
        print("the last lines of the web server's log:")
        print("\n".join((installation.folder / "web.log").read_text(encoding="utf-8").splitlines()[-25:]))
    enough = sum(killer.done.values()) == killer.kills
    clean = (
        enough and all(line.is_clean and line.acked for line in tallies) and not any(finding.count for finding in others) and not problems
    )
    print("nothing acknowledged was lost, nothing counted twice, no chain broken" if clean else "NOT CLEAN")
    return 0 if clean else 1


def main() -> int:
    """Read the settings of the run and run it in a folder that is removed afterwards."""
    sabotage = os.environ.get("SABOTAGE", "")
    if sabotage not in BUILDS:
        sys.exit(f"SABOTAGE is one of {', '.join(filter(None, BUILDS))}")
    kills, seed = int(os.environ.get("KILLS", "300")), int(os.environ.get("SEED") or secrets.randbelow(10**9))
    if sabotage:
        print(f"Running the build that was broken on purpose ({BUILDS[sabotage]}); this run must fail.")
    with tempfile.TemporaryDirectory(prefix="jiebang-faults-") as folder:
        return run(Path(folder), kills, seed, BUILDS[sabotage])


if __name__ == "__main__":
    sys.exit(main())
