"""The supervisor's seat: the whole process, no mark, one switch."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.audit.models import JournalEvent, Reading
from app.audit.operations import note_reading
from app.calls.enums import ApprovalSubject
from app.calls.operations.approvals import ask_change
from app.judging.models import ScoreSheet
from app.judging.operations import reopening, sheets, signing
from app.judging.operations.proposing import propose_plan
from tests.conftest import NOW
from tests.factories.accounts import acting, grant, make_organization, make_user
from tests.factories.judging import Scene, make_scene
from tests.support.client import html, words
from tests.support.counting import counted_statements

PAGES = ("", "journal", "changes", "draws", "readings", "chain")
MARKS = {"novelty": Decimal("7.3"), "size": Decimal("13.7"), "plan": Decimal("11.9"), "team": Decimal("23.3")}
TRACES = ("7.3", "13.7", "11.9", "23.3", "56.2")  # the marks and their sum


def judged(app: Flask, session: Session) -> Scene:
    """One sheet signed and asked to be opened again, by the organizer."""
    scene = make_scene(session)
    judge = scene.judge(session)
    sheets.save_sheet(
        session, assignment=scene.assignment(), marks=MARKS, comment="a remark of 56.2", private_note="", key="k1", revision=0, actor=judge,
        now=NOW,
    )  # fmt: skip
    sheet = signing.sign_sheet(session, assignment=scene.assignment(), signer=app.extensions["signer"], actor=judge, now=NOW)
    reopening.ask(session, sheet=sheet, reason="a slip of the pen", actor=acting(session, scene.organizer), now=NOW)
    session.commit()
    return scene


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_and_shows_no_mark(app: Flask, client: FlaskClient, session: Session, page: str) -> None:
    scene = judged(app, session)
    client.sign_in(scene.supervisor)
    answer = client.get(f"/supervise/{scene.edition.code}/{page}")
    assert answer.status_code == 200
    assert [trace for trace in TRACES if trace in words(answer)] == []
    assert "remark of" not in answer.text


@pytest.mark.parametrize("page", PAGES)
def test_whoever_does_not_watch_over_the_edition_finds_nothing(app: Flask, client: FlaskClient, session: Session, page: str) -> None:
    scene = judged(app, session)
    stranger = make_user(session)
    grant(session, stranger, Role.SUPERVISOR, organization=make_organization(session))
    for person in (scene.organizer, scene.host, scene.judges[0], stranger):
        client.sign_in(person)
        assert client.get(f"/supervise/{scene.edition.code}/{page}").status_code == 404


def test_the_reason_of_a_reopening_is_shown(app: Flask, client: FlaskClient, session: Session) -> None:
    scene = judged(app, session)
    client.sign_in(scene.supervisor)
    for page in ("changes", "journal", ""):
        assert "a slip of the pen" in words(client.get(f"/supervise/{scene.edition.code}/{page}"))


def test_facts_about_an_entry_name_its_code_to_the_supervisor_alone(app: Flask, client: FlaskClient, session: Session) -> None:
    scene = judged(app, session)
    code = scene.entries[0].public_code
    client.sign_in(scene.supervisor)
    page = html(client.get(f"/supervise/{scene.edition.code}/journal"))
    assert [cell.get_text(" ", strip=True) for cell in page.select("tbody td:nth-of-type(4)")] == [f"评分表 {code}"] * 3
    assert f"#{session.scalars(select(ScoreSheet.id)).one()}" not in page.select_one("main").get_text()
    assert code in words(client.get(f"/supervise/{scene.edition.code}/"))
    auditor = make_user(session)
    grant(session, auditor, Role.AUDITOR)
    client.sign_in(auditor)
    assert code not in words(client.get("/admin/journal/", query_string={"chain": f"edition:{scene.edition.id}"}))


def test_the_journal_is_filtered_by_person_act_object_and_day(app: Flask, client: FlaskClient, session: Session) -> None:
    scene = judged(app, session)
    client.sign_in(scene.supervisor)

    def acts(**filters: object) -> list[str]:
        client.get(f"/supervise/{scene.edition.code}/journal", query_string=filters)
        from app.admin.views.journal import journal_list

        with app.test_request_context(f"/supervise/{scene.edition.code}/journal", query_string=filters):
            return [line.name for line in journal_list(f"edition:{scene.edition.id}")["lines"]]

    everything = acts()
    assert everything == ["judging.reopening_asked", "judging.sheet_signed", "judging.sheet_saved"]
    assert acts(who=scene.organizer.id) == ["judging.reopening_asked"]
    assert acts(what="judging.sheet_saved") == ["judging.sheet_saved"]
    sheet = session.scalars(select(ScoreSheet.id)).one()
    assert acts(subject="score_sheet", id=sheet) == everything
    assert acts(since="2026-03-16", until="2026-03-16") == everything
    assert acts(since="2026-03-17") == []
    assert acts(since="not a day", who="x", id="99999999999999999999") == everything


def test_the_lamp_turns_red_when_somebody_alters_a_fact(app: Flask, client: FlaskClient, session: Session) -> None:
    scene = judged(app, session)
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("altering a row behind the trigger is done the SQLite way here")
    session.execute(text("DROP TRIGGER journal_events_no_update"))
    first = session.scalars(select(JournalEvent).where(JournalEvent.chain == f"edition:{scene.edition.id}")).first()
    assert first is not None
    session.execute(text("UPDATE journal_events SET actor_id = 999 WHERE id = :id"), {"id": first.id})
    session.expire_all()
    client.sign_in(scene.supervisor)
    page = client.get(f"/supervise/{scene.edition.code}/chain")
    assert "tone-danger" in page.text
    assert "该条记录被改动" in words(page)


def test_a_freeze_stops_the_judges_and_needs_a_reason(app: Flask, client: FlaskClient, session: Session) -> None:
    from app.calls.operations.freezing import EditionIsFrozen

    scene = judged(app, session)
    client.sign_in(scene.supervisor)
    address = f"/supervise/{scene.edition.code}/freeze"
    assert client.post(address, data={"reason": " "}).status_code == 422
    session.refresh(scene.edition)
    assert scene.edition.frozen_at is None
    assert client.post(address, data={"reason": "a complaint is being looked into"}).status_code == 303
    session.refresh(scene.edition)
    assert scene.edition.frozen_reason == "a complaint is being looked into"
    with pytest.raises(EditionIsFrozen):
        sheets.save_sheet(
            session, assignment=scene.assignment(1), marks=MARKS, comment="", private_note="", key="k9", revision=0,
            actor=scene.judge(session), now=NOW,
        )  # fmt: skip
    client.post(f"/supervise/{scene.edition.code}/unfreeze", data={"reason": "nothing was found"})
    session.refresh(scene.edition)
    assert scene.edition.frozen_at is None


def test_nobody_else_freezes(app: Flask, client: FlaskClient, session: Session) -> None:
    scene = judged(app, session)
    for person in (scene.organizer, scene.host, scene.judges[0]):
        client.sign_in(person)
        assert client.post(f"/supervise/{scene.edition.code}/freeze", data={"reason": "because I can"}).status_code == 404
    session.refresh(scene.edition)
    assert scene.edition.frozen_at is None


def test_that_the_supervisor_looked_is_noted_too(app: Flask, client: FlaskClient, session: Session) -> None:
    scene = judged(app, session)
    client.sign_in(scene.supervisor)
    client.get(f"/supervise/{scene.edition.code}/journal")
    noted = session.execute(select(Reading.actor_id, Reading.subject, Reading.subject_id)).all()
    assert noted == [(scene.supervisor.id, "edition", scene.edition.id)]


def test_an_entry_that_was_looked_at_is_named_to_the_supervisor_and_not_to_the_auditor(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    scene = judged(app, session)
    entry = scene.entries[0]
    looker = acting(session, scene.organizer)
    note_reading(session, subject="entry", subject_id=entry.id, edition_id=scene.edition.id, actor=looker, now=NOW)
    auditor = make_user(session)
    grant(session, auditor, Role.AUDITOR)
    session.commit()
    client.sign_in(scene.supervisor)
    assert f"{entry.code} · {entry.title}" in words(client.get(f"/supervise/{scene.edition.code}/readings"))
    client.sign_in(auditor)
    seen = words(client.get("/admin/journal/readings"))
    assert f"#{entry.id}" in seen
    assert entry.title not in seen


def test_looks_are_filtered_by_person_and_an_edition_is_named_by_its_code(app: Flask, client: FlaskClient, session: Session) -> None:
    scene = judged(app, session)
    entry, page = scene.entries[0], f"/supervise/{scene.edition.code}/readings"
    looker = acting(session, scene.organizer)
    note_reading(session, subject="entry", subject_id=entry.id, edition_id=scene.edition.id, actor=looker, now=NOW)
    session.commit()
    client.sign_in(scene.supervisor)
    seen = html(client.get(page)).select("main tbody tr")
    assert [scene.edition.code in row.text for row in seen] == [True, False]
    assert [person.text for person in html(client.get(page)).select("[name=who] option")[1:]] == sorted(
        [scene.organizer.name, scene.supervisor.name]
    )  # fmt: skip
    only = html(client.get(f"{page}?who={scene.organizer.id}")).select("main tbody tr")
    assert [entry.title in row.text for row in only] == [True]


def test_a_supervisor_draws_again_from_the_list_of_draws(app: Flask, client: FlaskClient, session: Session) -> None:
    scene = make_scene(session, assign=False)
    actor = acting(session, scene.organizer)
    plan = propose_plan(session, panel=scene.panel, seed="seed-of-the-draw", everyone=True, actor=actor, now=NOW)
    session.commit()
    client.sign_in(scene.supervisor)
    (way,) = html(client.get(f"/supervise/{scene.edition.code}/draws")).select("main tbody a")
    shown = client.get(str(way["href"]))
    assert ("seed-of-the-draw" in words(shown), plan.digest[:12] in shown.text) == (True, True)
    again = client.get(f"{way['href']}?repeat=1")
    assert "重新演算，结果完全一致" in words(again)
    assert not html(again).select("button[name=what]")


def test_the_overview_needs_as_many_statements_for_three_editions_as_for_one(client: FlaskClient, session: Session) -> None:
    watcher = make_user(session)
    grant(session, watcher, Role.SUPERVISOR, edition=make_scene(session).edition)
    client.sign_in(watcher)
    client.get("/supervise/")
    with counted_statements() as one:
        assert words(client.get("/supervise/")).count("创新创业大赛") == 1
    for _ in range(2):
        grant(session, watcher, Role.SUPERVISOR, edition=make_scene(session).edition)
    with counted_statements() as three:
        assert words(client.get("/supervise/")).count("创新创业大赛") == 3
    assert len(three) == len(one)


def test_a_change_is_named_in_words(client: FlaskClient, session: Session) -> None:
    scene = make_scene(session)
    subject = ApprovalSubject.CANCELLATION
    ask_change(
        session, edition=scene.edition, subject=subject, thing_id=scene.edition.id, payload={}, reason="the venue is lost",
        actor=acting(session, scene.organizer), now=NOW,
    )  # fmt: skip
    session.commit()
    client.sign_in(scene.supervisor)
    for page in ("changes", "journal"):
        shown = words(client.get(f"/supervise/{scene.edition.code}/{page}"))
        assert str(subject.label) in shown
        assert subject.value not in shown
