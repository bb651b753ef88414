"""The pages that everybody opens cost the same number of statements for one row and for three, within the goals of `make bench`."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.results.operations import compute_run, propose_run, release_run
from tests.conftest import NOW
from tests.factories.accounts import acting
from tests.factories.results import World, make_world
from tests.load.goals import GOALS
from tests.support.client import Client
from tests.support.counting import counted_statements

Address = Callable[[World, int], str]
PAGES: dict[str, tuple[str, Address]] = {
    "home": ("", lambda world, run: "/"),
    "contest page": ("", lambda world, run: f"/contests/{world.edition.code}"),
    "public result, 100 rows": ("", lambda world, run: f"/contests/{world.edition.code}/results/{world.call.code}/1"),
    "public result, all rows": ("", lambda world, run: f"/contests/{world.edition.code}/results/{world.call.code}/1?all=1"),
    "entries by score, 50 rows": ("organizer", lambda world, run: f"/manage/{world.edition.code}/entries/?sort=-score&cols=title,score"),
    "entries by score, 250 rows": ("organizer", lambda world, run: f"/manage/{world.edition.code}/entries/?sort=-score&size=250"),
    "result table, 100 rows": ("organizer", lambda world, run: f"/manage/{world.edition.code}/results/{run}"),
}


def with_a_released_result(session: Session, entries: int) -> tuple[World, int]:
    world = make_world(session, [[str(90 - n)] * 5 for n in range(entries)])
    who = acting(session, world.organizer)
    run = compute_run(session, stage=world.stage, call=world.call, actor=who, now=NOW)
    propose_run(session, run=run, actor=who, now=NOW)
    release_run(session, run=run, actor=acting(session, world.host), now=NOW)
    session.commit()
    return world, run.id


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_as_much_for_three_rows_as_for_one(client: Client, session: Session, name: str) -> None:
    reader, address = PAGES[name]
    found = []
    for entries in (1, 3):
        world, run = with_a_released_result(session, entries)
        if reader:
            client.sign_in(getattr(world, reader))
        page = client.get(address(world, run))
        with counted_statements() as seen:
            again = client.get(address(world, run))
        assert (again.status_code, world.entries[0].title in again.text or name == "home") == (200, True), page.text[:400]
        found.append(len(seen))
    limit = GOALS[name].statements
    assert found[0] == found[1] <= limit, "\n".join(seen)
