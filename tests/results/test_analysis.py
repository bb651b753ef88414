"""Figures beside a result: agreement, severity, confidence; refusals are said, nothing published changes."""

from __future__ import annotations

from decimal import Decimal

from flask.testing import FlaskClient
from msgspec.structs import replace
from sqlalchemy.orm import Session

from app.results.engine import AbsenceIn
from app.results.engine.analysis import analyse
from app.results.operations import compute_run
from tests.conftest import NOW
from tests.factories.accounts import acting
from tests.factories.results import make_world
from tests.results.test_engine import inputs
from tests.support.client import words

NOISE = (0, 1, -1, 2, 0, -2, 1, -1, 1, 0, 2, -1, 0, 1)
SEVERE = [[str(90 - 3 * n + s + NOISE[(5 * n + 3 * j) % 14]) for j, s in enumerate((4, 0, 0, 0, -4))] for n in range(8)]


def test_a_severe_and_a_generous_judge_are_seen() -> None:
    made = analyse(inputs(SEVERE), k=3)
    severity = [Decimal(row.severity) for row in made.judges]
    assert severity[0] > 2
    assert severity[4] < -2
    assert [row.entry for row in made.entries[:3]] == [1, 2, 3]


def test_full_agreement_is_one() -> None:
    rows = [[str(90 - 2 * n)] * 5 for n in range(6)]
    figures = {figure.key: figure.value for figure in analyse(inputs(rows), k=2).figures}
    assert (figures["kendall_w"], figures["alpha"]) == ("1.00", "1.00")


def test_every_method_agrees_where_the_entries_lie_far_apart() -> None:
    made = analyse(inputs(SEVERE), k=3)
    assert [row.methods for row in made.entries][:4] == [f"{made.methods}/{made.methods}"] * 3 + [f"0/{made.methods}"]


def test_too_few_marks_are_refused_with_a_reason() -> None:
    made = analyse(inputs([["90", "80", "70"]]), k=1)
    assert (made.entries, made.judges, len(made.refusals)) == ((), (), 1)


def test_panels_without_a_common_judge_are_not_corrected() -> None:
    left = [["90", "91", "92", None, None, None], ["80", "81", "85", None, None, None]]
    right = [[None, None, None, "70", "72", "71"], [None, None, None, "60", "66", "61"]]
    made = analyse(inputs(left + right), k=2)
    assert made.refusals
    assert all(row.adjusted == "" for row in made.entries)


def test_figures_do_not_depend_on_the_order_of_rows() -> None:
    base = inputs(SEVERE)
    mixed = replace(base, sheets=list(reversed(base.sheets)), entries=list(reversed(base.entries)))
    assert analyse(base, k=3) == analyse(mixed, k=3)


def test_a_recused_judge_does_not_stop_the_figures() -> None:
    rows = [list(row) for row in SEVERE]
    rows[2][1] = None  # type: ignore[call-overload]
    made = analyse(inputs(rows, absences=[AbsenceIn(3, 2, "recused")]), k=3)
    assert len(made.entries) == 8
    assert "kendall_w" not in {figure.key for figure in made.figures}


def test_the_page_shows_corrected_beside_raw(client: FlaskClient, session: Session) -> None:
    world = make_world(session, SEVERE)
    run = compute_run(session, stage=world.stage, call=world.call, actor=acting(session, world.organizer), now=NOW)
    session.commit()
    client.sign_in(world.organizer)
    path = f"/manage/{world.edition.code}/results/{run.id}/analysis"
    answer = client.get(path, headers={"Accept-Language": "en"})
    text = words(answer)
    assert "Corrected for severity" in text
    assert "never applied" in text
    again = client.get(path, headers={"Accept-Language": "en", "If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    client.sign_in(world.entries[0].leader)
    assert client.get(path).status_code == 404
