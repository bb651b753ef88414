"""Released results on the contest's page: nothing before, what the rules allow after."""

from __future__ import annotations

from datetime import timedelta

from flask.testing import FlaskClient
from msgspec.structs import replace
from sqlalchemy.orm import Session

from app.calls.rules import Disclosure
from app.core import clock
from app.judging.models import AssignmentPlan
from app.results.operations import compute_run, propose_run, release_run
from tests.conftest import NOW
from tests.factories.accounts import acting
from tests.factories.results import RULES, make_world
from tests.support.client import html, words
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


def test_the_public_sees_how_often_judges_were_drawn_before_one_draw_was_used(client: FlaskClient, session: Session):
    """Whoever drew again until the judges suited has told so."""
    world = make_world(session, ROWS)
    who, elsewhere = acting(session, world.organizer), make_world(session, ROWS)
    for seat, applied in ((world.seats[0], None), (world.seats[0], None), (world.seats[0], NOW), (elsewhere.seats[0], NOW)):
        session.add(
            AssignmentPlan(
                panel_id=seat.panel_id,
                seed="x",
                parameters={},
                pairs=[],
                report={},
                digest="0" * 64,
                made_at=NOW,
                made_by_id=world.organizer.id,
                applied_at=applied,
            )
        )
    run = compute_run(session, stage=world.stage, call=world.call, actor=who, now=NOW)
    propose_run(session, run=run, actor=who, now=NOW)
    release_run(session, run=run, actor=acting(session, world.host), now=NOW)
    session.commit()
    said = "Assignments of judges to entries in this stage: 3 proposed, 1 used"
    for address in (f"/contests/{world.edition.code}", f"/contests/{world.edition.code}/results/{world.call.code}/{world.stage.position}"):
        assert said in words(client.get(address, headers={"Accept-Language": "en"}))


def results_come_first(page) -> bool:
    """Whether the results stand above the text about the contest."""
    return [tag["id"] for tag in page.select("#results, #about")] == ["results", "about"]


def test_a_finished_contest_shows_its_results_before_everything_else(client: FlaskClient, session: Session):
    world = make_world(session, ROWS, rules=replace(RULES, disclosure=Disclosure(public_scores=True)))
    who = acting(session, world.organizer)
    run = compute_run(session, stage=world.stage, call=world.call, actor=who, now=NOW)
    propose_run(session, run=run, actor=who, now=NOW)
    release_run(session, run=run, actor=acting(session, world.host), now=NOW)
    session.commit()
    page = html(client.get(f"/contests/{world.edition.code}"))
    assert results_come_first(page)
    assert page.select_one("#results details").has_attr("open")
    assert page.select_one(".hero a.btn-primary")["href"] == "#results"


def test_while_entries_are_taken_the_text_comes_first(client: FlaskClient, session: Session):
    world = make_world(session, ROWS, rules=RULES)
    who = acting(session, world.organizer)
    run = compute_run(session, stage=world.stage, call=world.call, actor=who, now=NOW)
    propose_run(session, run=run, actor=who, now=NOW)
    release_run(session, run=run, actor=acting(session, world.host), now=NOW)
    world.call.closes_at = clock.now() + timedelta(days=1)
    session.commit()
    page = html(client.get(f"/contests/{world.edition.code}"))
    assert not results_come_first(page)
    assert page.select_one(".hero a.btn-primary")["href"] == "#divisions"


def released(session: Session, totals: list[list[str]], disclosure: Disclosure):
    world = make_world(session, totals, rules=replace(RULES, disclosure=disclosure))
    who = acting(session, world.organizer)
    run = compute_run(session, stage=world.stage, call=world.call, actor=who, now=NOW)
    propose_run(session, run=run, actor=who, now=NOW)
    release_run(session, run=run, actor=acting(session, world.host), now=NOW)
    session.commit()
    return world, f"/contests/{world.edition.code}/results/{world.call.code}/{world.stage.position}"


def listed(client: FlaskClient, address: str) -> list[str]:
    page = html(client.get(address))
    return [tr.find("small").get_text() for tr in page.find("tbody").find_all("tr")]


def test_a_long_list_is_paged_in_its_order_and_whole_for_printing(client: FlaskClient, session: Session):
    world, address = released(session, [[f"{90 - n / 10:.1f}"] * 3 for n in range(103)], Disclosure(public_scores=True))
    codes = [entry.public_code for entry in world.entries]
    contest = html(client.get(f"/contests/{world.edition.code}")).find(id="results")
    assert [tr.find("small").get_text() for tr in contest.find("tbody").find_all("tr")] == codes[:20]
    assert contest.find("a", href=address) is not None
    first, second = listed(client, address), listed(client, f"{address}?page=2")
    assert (first, second) == (codes[:100], codes[100:])
    assert listed(client, f"{address}?all=1") == codes


def test_an_unchanged_list_costs_two_statements_and_no_page(client: FlaskClient, session: Session):
    _world, address = released(session, ROWS, Disclosure(public_scores=True))
    tag = client.get(address).headers["ETag"]
    with counted_statements() as seen:
        again = client.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.data, len(seen)) == (304, b"", 2), "\n".join(seen)


def test_a_list_without_ranks_names_the_winners_by_code_alone(client: FlaskClient, session: Session):
    world, address = released(session, [["60"] * 5, ["70"] * 5, ["90"] * 5, ["80"] * 5], Disclosure(public_ranks=False))
    assert listed(client, address) == sorted(entry.public_code or "" for entry in world.entries[1:])  # 90, 80 and 70 win; 60 is not named


def test_a_list_that_is_not_released_has_no_page(client: FlaskClient, session: Session):
    world, address = released(session, ROWS, Disclosure(public_scores=True))
    other = make_world(session, ROWS)
    compute_run(session, stage=other.stage, call=other.call, actor=acting(session, other.organizer), now=NOW)
    session.commit()
    addresses = (
        f"/contests/{other.edition.code}/results/{other.call.code}/1",
        address.replace(world.call.code, other.call.code),
        address[:-1] + "9",
    )
    assert [client.get(each).status_code for each in addresses] == [404, 404, 404]
