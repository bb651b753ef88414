"""A team's own result: nothing before release, only what the rules tell, comments that name nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace as changed
from sqlalchemy.orm import Session

from app.calls.rules import Disclosure
from app.results.operations import compute_run, propose_run, release_run
from app.results.queries import public_results
from tests.conftest import NOW
from tests.factories.accounts import acting, make_user
from tests.factories.results import RULES, World, make_world
from tests.support.client import words

ROWS = [["90"] * 5, ["80.5"] * 5, ["70"] * 5, ["60"] * 5]


def page(client: FlaskClient, world: World, entry: int = 0):
    client.sign_in(world.entries[entry].leader)
    return client.get(f"/my/entries/{world.entries[entry].code}/result", headers={"Accept-Language": "en"})


def run_out(session: Session, world: World) -> None:
    who = acting(session, world.organizer)
    run = compute_run(session, stage=world.stage, call=world.call, actor=who, now=NOW)
    propose_run(session, run=run, actor=who, now=NOW)
    release_run(session, run=run, actor=acting(session, world.host), now=NOW)
    session.commit()


def test_an_unreleased_result_does_not_exist(client: FlaskClient, session: Session) -> None:
    world = make_world(session, ROWS)
    who = acting(session, world.organizer)
    run = compute_run(session, stage=world.stage, call=world.call, actor=who, now=NOW)
    propose_run(session, run=run, actor=who, now=NOW)
    session.commit()
    assert page(client, world).status_code == 404
    assert public_results(session, world.edition.id) == []


def test_the_team_reads_rank_score_and_how_it_came_about(client: FlaskClient, session: Session) -> None:
    world = make_world(session, ROWS)
    run_out(session, world)
    text = words(page(client, world, 1))
    assert "2 of 4" in text
    assert "80.50" in text
    assert "Second prize" in text


def test_another_team_finds_nothing(client: FlaskClient, session: Session) -> None:
    world = make_world(session, ROWS)
    run_out(session, world)
    client.sign_in(world.entries[1].leader)
    assert client.get(f"/my/entries/{world.entries[0].code}/result").status_code == 404
    client.sign_in(make_user(session))
    assert client.get(f"/my/entries/{world.entries[0].code}/result").status_code == 404


@pytest.mark.parametrize(
    ("disclosure", "shown"),
    [
        (Disclosure(team_scores=False, public_scores=False, public_ranks=True), (True, False)),
        (Disclosure(team_scores=False, public_scores=False, public_ranks=False), (False, False)),
        (Disclosure(team_scores=True, public_ranks=False), (True, True)),
    ],
)
def test_what_the_rules_keep_inside_is_not_on_the_page(
    client: FlaskClient, session: Session, disclosure: Disclosure, shown: tuple[bool, bool]
) -> None:
    world = make_world(session, ROWS, rules=changed(RULES, disclosure=disclosure))
    run_out(session, world)
    text = words(page(client, world, 1))
    assert ("2 of 4" in text, "80.5" in text) == shown


def test_a_score_of_fewer_than_three_judges_would_give_a_judge_away(client: FlaskClient, session: Session) -> None:
    rules = changed(RULES, aggregation=changed(RULES.aggregation, min_judges=1))
    world = make_world(session, [["90", "81.5"], ["80", "70"]], rules=rules)
    run_out(session, world)
    assert "85.75" not in words(page(client, world))


def test_comments_come_without_names_and_private_notes_never(client: FlaskClient, session: Session) -> None:
    world = make_world(session, ROWS)
    for number, seat in enumerate(world.seats):
        sheet = world.sheets[world.entries[0].id, seat.id]
        sheet.comment, sheet.private_note = f"comment {number}", f"secret {number}"
    run_out(session, world)
    text = words(page(client, world))
    assert all(f"comment {n}" in text for n in range(5))
    assert "secret" not in text
    assert not any(seat.name in text for seat in world.seats)


def test_the_public_list_holds_only_what_the_rules_allow(session: Session) -> None:
    for disclosure, rank, score in (
        (Disclosure(public_scores=True), 1, "90.00"),
        (Disclosure(public_scores=False), 1, None),
        (Disclosure(public_ranks=False), None, None),
    ):
        world = make_world(session, ROWS, rules=changed(RULES, disclosure=disclosure))
        run_out(session, world)
        (result,) = public_results(session, world.edition.id)
        first = next(row for row in result.rows if row.code == world.entries[0].public_code)
        assert replace(first, title="", unit="", award_en="") == replace(
            first, title="", unit="", award_en="", rank=rank, score=score, award="一等奖", advances=False
        )
        assert len(result.rows) == (4 if rank else 3)


def test_without_ranks_the_order_tells_nothing(session: Session) -> None:
    world = make_world(session, list(reversed(ROWS)), rules=changed(RULES, disclosure=Disclosure(public_ranks=False)))
    run_out(session, world)
    (result,) = public_results(session, world.edition.id)
    assert [row.code for row in result.rows] == sorted(row.code for row in result.rows)
