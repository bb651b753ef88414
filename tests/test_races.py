"""Twenty client processes want the one thing that there is, of the served product; `make test-races` does it many times."""

from __future__ import annotations

from pathlib import Path

from tests.faults.races import HANDS, SCENES, play
from tests.support.racing import fresh_database


def test_of_twenty_processes_one_gets_it_and_the_others_are_told(tmp_path: Path) -> None:
    counts = play(tmp_path, fresh_database(tmp_path), 1, workers=1)
    found = {count.scene: (count.accepted, count.refused, count.failed, count.violations) for count in counts}
    assert found == {**dict.fromkeys(SCENES, (1, HANDS - 1, 0, 0)), "chains broken": (0, 0, 0, 0)}
