"""The pages that everybody opens cost the same number of statements for one row and for three, within the goals of `make bench`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from itertools import takewhile

import pytest
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.calls.models import Call
from app.core import clock
from app.core.db import db
from app.entries.enums import MemberState
from app.entries.models import Entry, EntryMember
from app.results.operations import compute_run, propose_run, release_run
from tests.conftest import NOW
from tests.factories.accounts import acting
from tests.factories.entries import make_call, make_entry
from tests.factories.files import pdf
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


def a_draft(session: Session, call: Call, members: int) -> Entry:
    """Ready to be handed in, by a team of so many."""
    entry = make_entry(session, call, now=clock.now())
    for number in range(1, members):
        person = {"name": f"M{number}", "email": f"m{number}@team.example", "state": MemberState.CONFIRMED, "rank": number}
        session.add(EntryMember(entry_id=entry.id, invited_at=clock.now(), **person))
    session.commit()
    return entry


@pytest.mark.parametrize(("page", "sent", "limit"), [("/files/plan", {}, 14), ("/submit", {"confirmed": "yes"}, 13)])
def test_uploading_and_handing_in_ask_as_much_for_a_team_of_four_as_for_one_person(
    client: Client, session: Session, page: str, sent: dict[str, str], limit: int
) -> None:
    """Until the commit: in tests the worker follows at once. PostgreSQL holds the edition by a statement of its own, before the entry."""
    today, found = clock.now(), []
    call = make_call(session, opens_at=today - timedelta(days=2), closes_at=today + timedelta(days=9))
    for members in (1, 4):
        entry = a_draft(session, call, members)
        client.sign_in(session.get_one(User, entry.leader_id))
        file = {} if sent else {"file": (BytesIO(pdf(2)), "plan.pdf")}
        with counted_statements() as seen:
            answer = client.post(f"/my/entries/{entry.code}{page}", data={**sent, **file})
        assert answer.status_code == 303, answer.text[:400]
        found.append(len(list(takewhile(lambda statement: not statement.startswith("SELECT deliveries"), seen))))
    assert found[0] == found[1] <= (limit if db.is_sqlite else limit + 1), "\n".join(seen)
