"""Released results on the contest's page: nothing before, what the rules allow after."""

from __future__ import annotations

from flask.testing import FlaskClient
from msgspec.structs import replace
from sqlalchemy.orm import Session

from app.calls.rules import Disclosure
from app.results.operations import compute_run, propose_run, release_run
from tests.conftest import NOW
from tests.factories.accounts import acting
from tests.factories.results import RULES, make_world
from tests.support.client import html
from tests.support.counting import counted_statements

ROWS = [["90"] * 5, ["80.5"] * 5, ["70"] * 5, ["60"] * 5]


def test_results_appear_with_the_release_and_not_before(client: FlaskClient, session: Session):
    world = make_world(session, ROWS, rules=replace(RULES, disclosure=Disclosure(public_scores=True)))
    who = acting(session, world.organizer)
    run = compute_run(session, stage=world.stage, call=world.call, actor=who, now=NOW)
    propose_run(session, run=run, actor=who, now=NOW)
    session.commit()
    address = f"/contests/{world.edition.code}"
    before = client.get(address)
    assert html(before).find(id="results") is None
    assert "80.50" not in before.get_data(as_text=True)
    release_run(session, run=run, actor=acting(session, world.host), now=NOW)
    session.commit()
    with counted_statements() as seen:
        after = client.get(address, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    rows = [tr.get_text(" ", strip=True) for tr in html(after).find(id="results").find("tbody").find_all("tr")]
    assert len(rows) == 4
    assert "90.00" in rows[0]
    assert len(seen) <= 12, "\n".join(seen)


def test_scores_stay_away_when_the_rules_say_so(client: FlaskClient, session: Session):
    world = make_world(session, ROWS, rules=replace(RULES, disclosure=Disclosure(public_scores=False)))
    who = acting(session, world.organizer)
    run = compute_run(session, stage=world.stage, call=world.call, actor=who, now=NOW)
    propose_run(session, run=run, actor=who, now=NOW)
    release_run(session, run=run, actor=acting(session, world.host), now=NOW)
    session.commit()
    page = client.get(f"/contests/{world.edition.code}").get_data(as_text=True)
    assert "90.00" not in page
    assert "80.50" not in page
