"""Figures beside a result: agreement, severity, confidence; refusals are said, nothing published changes."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace
from sqlalchemy import delete
from sqlalchemy.orm import Session

import scoring
from app.results.engine import AbsenceIn, StepOut
from app.results.engine import analysis as engine_analysis
from app.results.engine.analysis import FORMAT, analyse
from app.results.engine.wording import Names, say
from app.results.jobs import analyse_result, finish_analyses
from app.results.models import RunAnalysis
from app.results.operations import compute_run
from app.results.queries.analysing import AT_ONCE, analysed, runs_without_analysis
from app.results.queries.trusting import kept_analysis
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


def test_entries_stand_in_the_order_of_the_run_where_a_tie_was_decided() -> None:
    rows = [["80"] * 5, ["80"] * 5, ["70"] * 5, ["60"] * 5]
    assert [(row.entry, row.rank) for row in analyse(inputs(rows), k=1).entries] == [(1, 1), (2, 1), (3, 3), (4, 4)]
    decided = analyse(inputs(rows), k=1, ranks={1: 2, 2: 1, 3: 3, 4: 4})
    assert [(row.entry, row.rank) for row in decided.entries] == [(2, 1), (1, 2), (3, 3), (4, 4)]


def test_full_agreement_is_one() -> None:
    rows = [[str(90 - 2 * n)] * 5 for n in range(6)]
    figures = {figure.key: figure.value for figure in analyse(inputs(rows), k=2).figures}
    assert (figures["kendall_w"], figures["alpha"]) == ("1.00", "1.00")


def test_every_method_agrees_where_the_entries_lie_far_apart() -> None:
    made = analyse(inputs(SEVERE), k=3)
    assert made.methods == ["rule", "mean", "median", "trimmed", "corrected"]
    assert [row.others for row in made.entries] == [[]] * 8
    assert [row.rank <= 3 for row in made.entries] == [True] * 3 + [False] * 5


def test_a_method_that_places_others_first_is_named() -> None:
    rows = [["80", "80", "80", "80", "80"], ["79", "79", "79", "79", "99"], ["60", "61", "59", "60", "62"], ["50", "52", "51", "50", "49"]]
    made = analyse(inputs(rows), k=1)
    assert {row.entry: row.others for row in made.entries[:2]} == {1: ["mean"], 2: ["mean"]}


def test_too_few_marks_are_refused_with_a_reason() -> None:
    made = analyse(inputs([["90", "80", "70"]]), k=1)
    assert (made.entries, made.judges, [step.key for step in made.refusals]) == ([], [], ["refused.size"])


def test_judges_of_few_entries_are_not_corrected() -> None:
    made = analyse(inputs(SEVERE[:4]), k=2)
    assert made.uncorrected == StepOut("refused.marks", {"usual": "4", "least": "5"})
    assert [row.adjusted for row in made.entries] == [""] * 4
    assert "corrected" not in made.methods


def test_panels_without_a_common_judge_are_not_corrected() -> None:
    left = [[*row[:3], None, None, None] for row in SEVERE[:6]]
    right = [[None, None, None, *row[2:]] for row in SEVERE[2:]]
    made = analyse(inputs(left + right), k=2)
    assert made.uncorrected == StepOut("refused.unlinked", {"judge": "1", "other_judge": "4"})
    assert [row.adjusted_rank for row in made.entries] == [None] * 12


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
    assert made.study is not None
    assert made.study.present == 5


def test_shares_of_the_differences_and_enough_judges() -> None:
    made = analyse(inputs(SEVERE), k=3)
    assert made.study is not None
    shares = made.study.shares
    assert shares.entries + shares.judges + shares.rest == 100
    assert shares.judges > shares.rest
    assert [row.judges for row in made.study.rows] == [3, 5, 7, 9, 11, 15]
    assert made.study.enough is not None
    reached = [row.absolute >= 80 for row in made.study.rows]
    assert reached == [row.judges >= made.study.enough for row in made.study.rows]


def test_favour_of_tied_entries_is_a_question() -> None:
    rows = [[str(80 - 2 * n + NOISE[(3 * n + 5 * j) % 14]) for j in range(5)] for n in range(12)]
    for n in (3, 7, 10):
        rows[n][1] = str(int(rows[n][1]) + 15)
    assert [step.key for row in analyse(inputs(rows), k=3).judges for step in row.cautions if step.key == "judge.favour"] == []
    made = analyse(inputs(rows), k=3, related={(4, 2), (8, 2), (11, 2)})
    asked = [(row.judge, step.key) for row in made.judges for step in row.cautions if step.key == "judge.favour"]
    assert asked == [(2, "judge.favour")]


def test_figures_are_worked_out_after_the_commit_and_kept(client: FlaskClient, session: Session) -> None:
    world = make_world(session, SEVERE)
    run = compute_run(session, stage=world.stage, call=world.call, actor=acting(session, world.organizer), now=NOW)
    session.commit()
    analyse_result(run.id)
    session.expire_all()
    kept = kept_analysis(session, run.id)
    assert kept == analysed(session, run)
    assert runs_without_analysis(session) == []
    session.get_one(RunAnalysis, run.id).format = "older"
    session.commit()
    assert runs_without_analysis(session) == [run.id]
    finish_analyses()
    session.expire_all()
    assert session.get_one(RunAnalysis, run.id).format == FORMAT


def test_the_page_of_the_run_says_how_sure_its_line_is(client: FlaskClient, session: Session) -> None:
    world = make_world(session, SEVERE)
    run = compute_run(session, stage=world.stage, call=world.call, actor=acting(session, world.organizer), now=NOW)
    session.commit()
    analyse_result(run.id)
    client.sign_in(world.organizer)
    text = words(client.get(f"/manage/{world.edition.code}/results/{run.id}", headers={"Accept-Language": "en"}))
    assert "Corrected for severity, the same entries are among the first." in text
    assert "belongs there in" in text


def test_a_large_run_waits_for_its_figures(client: FlaskClient, session: Session) -> None:
    world = make_world(session, SEVERE)
    run = compute_run(session, stage=world.stage, call=world.call, actor=acting(session, world.organizer), now=NOW)
    run.summary = {**run.summary, "total": AT_ONCE + 1}
    session.commit()
    session.execute(delete(RunAnalysis))
    session.commit()
    client.sign_in(world.organizer)
    path = f"/manage/{world.edition.code}/results/{run.id}/analysis"
    answer = client.get(path, headers={"Accept-Language": "en"})
    assert "are being worked out" in words(answer)
    assert "ETag" not in answer.headers


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
    assert "How many judges are enough?" in text
    assert text.count("Judge 1 ") >= 1
    again = client.get(path, headers={"Accept-Language": "en", "If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    client.sign_in(world.entries[0].leader)
    assert client.get(path).status_code == 404


def test_more_judges_than_the_model_takes_are_named_as_the_reason(app: Flask) -> None:
    """The cap is on judges; to say that marks do not suffice would be the opposite of the truth."""
    with pytest.raises(scoring.Insufficient) as refusal:
        scoring.fit_mixed(np.zeros(5001, int), np.arange(5001), np.linspace(60, 90, 5001))
    step = engine_analysis._reason(refusal.value, "confidence")
    assert (step.key, step.values) == ("refused.judges", {"what": "confidence", "most": "5000"})
    with app.test_request_context():
        assert say(step, Names("en")) == "With more than 5000 judges how sure the ranks are cannot be worked out at once."
        assert say(step, Names("zh_CN")) == "评委超过 5000 名，无法一次算出：名次有多可靠。"


@pytest.mark.parametrize(
    ("passed", "awards", "line"),
    [(4, (1, 2), 4), (0, (1, 2), 3), (0, (1, 2, 5), 3), (8, (1, 2, 5), 3), (0, (8,), 2), (0, (), 2)],
    ids=["those who advance", "all awards", "the better awards where all have one", "nobody is out", "one award for all", "nothing to win"],
)
def test_the_line_asked_about_has_entries_on_both_sides(
    client: FlaskClient, session: Session, passed: int, awards: tuple[int, ...], line: int
) -> None:
    world = make_world(session, SEVERE)
    run = compute_run(session, stage=world.stage, call=world.call, actor=acting(session, world.organizer), now=NOW)
    levels = [{"key": str(size), "entries": list(range(size)), "vacant": 0} for size in awards]
    run.summary = {**run.summary, "cut": {**run.summary["cut"], "passed": passed}, "awards": levels}
    session.flush()
    assert (analysed(session, run).k, len(SEVERE)) == (line, 8)
