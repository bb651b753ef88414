"""Who sees which sheet, when: marker scores crawled as every person, in every state of the stage."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.calls.enums import StageState
from app.calls.rules import Disclosure
from app.core import clock
from app.core.authz import Actor
from app.judging.models import ScoreSheet
from app.judging.operations.signing import sign_sheet
from app.judging.queries import sheets_visible_to
from tests.conftest import NOW
from tests.factories.accounts import acting, make_user
from tests.factories.judging import GOOD, RUBRIC, Scene, make_scene
from tests.judging.test_desk import open_now
from tests.judging.test_sheets import save, sheet_of
from tests.support.client import Client

MARKED = {"novelty": Decimal("23.7"), "size": Decimal("13.1"), "plan": Decimal("11.9"), "team": Decimal("24.6")}
TIME = re.compile(r"\d\d:\d\d:\d\d\.\d+")  # the server's clock on the page could spell a mark
CANARIES = ("73.3", "23.7", "13.1", "11.9", "24.6", "canary-comment", "canary-note", "canary-remark")


def seen(session: Session, scene: Scene, actor: Actor) -> set[int]:
    return {sheet.id for sheet in session.scalars(sheets_visible_to(actor, scene.stage, scene.edition, NOW))}


def signed(app: Flask, session: Session, scene: Scene, judge: int, entry: int = 0) -> ScoreSheet:
    save(session, scene, entry=entry, judge=judge, key=f"key-{judge}-{entry}", now=clock.now(), marks={**GOOD, "team": Decimal(judge)})
    return sign_sheet(
        session, assignment=scene.assignment(entry, judge), signer=app.extensions["signer"], actor=scene.judge(session, judge),
        now=clock.now(),
    )  # fmt: skip


@pytest.mark.parametrize("policy", ["never", "signed", "all_signed"])
def test_judges_see_others_only_after_signing_and_only_if_the_rules_allow(app: Flask, session: Session, policy: str) -> None:
    scene = open_now(session, make_scene(session, judges=3, disclosure=Disclosure(blind=True, judges_see_others=policy)))
    first = signed(app, session, scene, 1)
    mine = scene.judge(session, 0)
    assert seen(session, scene, mine) == set()
    save(session, scene, judge=0, key="draft-zero", now=clock.now())
    own = sheet_of(session, scene)
    assert seen(session, scene, mine) == {own.id}
    sign_sheet(session, assignment=scene.assignment(), signer=app.extensions["signer"], actor=mine, now=clock.now())
    assert seen(session, scene, mine) == ({own.id, first.id} if policy == "signed" else {own.id})
    last = signed(app, session, scene, 2)
    expected = {"never": {own.id}, "signed": {own.id, first.id, last.id}, "all_signed": {own.id, first.id, last.id}}
    assert seen(session, scene, mine) == expected[policy]


def test_signing_one_entry_opens_nothing_of_another(app: Flask, session: Session) -> None:
    scene = open_now(session, make_scene(session, disclosure=Disclosure(judges_see_others="signed")))
    theirs = signed(app, session, scene, 1, entry=1)
    own = signed(app, session, scene, 0, entry=0)
    assert seen(session, scene, scene.judge(session, 0)) == {own.id}
    assert theirs.id not in seen(session, scene, scene.judge(session, 0))


@pytest.mark.parametrize(("rule", "state", "visible"), [
    ("sealed", StageState.OPEN, False), ("sealed", StageState.SEALED, True), ("sealed", StageState.RELEASED, True),
    ("signed", StageState.OPEN, True),
])  # fmt: skip
def test_staff_see_signed_sheets_after_sealing_unless_the_rules_say_earlier(
    app: Flask, session: Session, rule: str, state: StageState, visible: bool
) -> None:
    scene = open_now(session, make_scene(session, disclosure=Disclosure(organizer_sees_scores=rule)))
    sheet = signed(app, session, scene, 0)
    save(session, scene, judge=1, key="draft-one", now=clock.now())
    scene.stage.state = state
    session.flush()
    for person in (scene.organizer, scene.host):
        assert seen(session, scene, acting(session, person)) == ({sheet.id} if visible else set())
    sealed = state != StageState.OPEN
    assert seen(session, scene, acting(session, scene.supervisor)) == ({sheet.id} if sealed else set())
    for stranger in (make_user(session), scene.entries[0].leader):
        assert seen(session, scene, acting(session, stranger)) == set()
    assert seen(session, scene, Actor()) == set()


def pages_of(scene: Scene) -> list[str]:
    manage = f"/manage/{scene.edition.code}"
    panel = f"{manage}/stages/2/panels/{scene.panel.id}"
    return [
        f"{manage}/progress/", f"{manage}/progress/2/sheets", f"{manage}/progress/2/reminders", f"{manage}/stages/2/panels/", f"{panel}/",
        f"{panel}/matrix",
    ]  # fmt: skip


def test_no_marker_score_reaches_anybody_else_before_sealing(app: Flask, client: Client, session: Session) -> None:
    scene = open_now(session, make_scene(session, judges=3))
    texts = {"comment": "canary-comment", "private_note": "canary-note", "remarks": {"team": "canary-remark"}}
    save(session, scene, marks=MARKED, now=clock.now(), **texts)
    sign_sheet(session, assignment=scene.assignment(), signer=app.extensions["signer"], actor=scene.judge(session), now=clock.now())
    signed(app, session, scene, 1)
    own = [f"/desk/assignments/{scene.assignment(entry, 1).id}" for entry in range(2)]
    seat = f"/desk/seats/{scene.seats[1].id}"
    crawled = {
        scene.organizer: pages_of(scene), scene.host: pages_of(scene), scene.supervisor: pages_of(scene)[:2],
        scene.judges[1]: ["/desk/", f"{seat}/scores", f"{seat}/sign-off", *own, f"{own[0]}/receipt", f"{own[0]}/print"],
    }  # fmt: skip
    for person, urls in crawled.items():
        client.sign_in(person)
        for url in urls:
            answer = client.get(url)
            body = TIME.sub("", answer.get_data(as_text=True))
            assert (answer.status_code, [canary for canary in CANARIES if canary in body]) == (200, []), (url, person.name)


def test_after_sealing_staff_see_totals_but_no_private_note(app: Flask, client: Client, session: Session) -> None:
    scene = open_now(session, make_scene(session, rubric=RUBRIC))
    save(session, scene, marks=MARKED, now=clock.now(), private_note="canary-note")
    sign_sheet(session, assignment=scene.assignment(), signer=app.extensions["signer"], actor=scene.judge(session), now=clock.now())
    scene.stage.state = StageState.SEALED
    session.flush()
    body = client.sign_in(scene.organizer).get(f"/manage/{scene.edition.code}/progress/2/sheets").get_data(as_text=True)
    assert "73.3" in body
    assert "canary-note" not in body


def test_a_judge_reads_the_others_after_signing_without_their_names(app: Flask, client: Client, session: Session) -> None:
    scene = open_now(session, make_scene(session, disclosure=Disclosure(blind=True, judges_see_others="signed")))
    save(session, scene, marks=MARKED, now=clock.now(), comment="canary-comment", private_note="canary-note")
    sign_sheet(session, assignment=scene.assignment(), signer=app.extensions["signer"], actor=scene.judge(session), now=clock.now())
    url = f"/desk/assignments/{scene.assignment(0, 1).id}"
    client.sign_in(scene.judges[1])
    assert "73.3" not in client.get(url).get_data(as_text=True)
    signed(app, session, scene, 1)
    session.commit()
    body = client.get(url).get_data(as_text=True)
    assert ("73.3" in body, "canary-comment" in body) == (True, True)
    assert ("canary-note" in body, scene.judges[0].name in body) == (False, False)


def test_blind_pages_hold_no_identity_of_the_team(client: Client, session: Session) -> None:
    scene = open_now(session, make_scene(session))
    entry = scene.entries[0]
    hidden = (entry.title, entry.unit_name, entry.answers["phone"], entry.leader.name, entry.leader.email, entry.code)
    client.sign_in(scene.judges[0])
    url, seat = f"/desk/assignments/{scene.assignment().id}", f"/desk/seats/{scene.seats[0].id}"
    asked = (f"/desk/?q={entry.title}", f"{seat}/scores?sort=unit")
    for page in ("/desk/", url, f"{url}/print", f"{seat}/scores", f"{seat}/sign-off", *asked):
        body = client.get(page).get_data(as_text=True)
        if page.startswith("/desk/?q="):
            body = body.replace(page.partition("=")[2], "")
        assert [text for text in hidden if text in body] == [], page
    refused = client.post(url, data={"mark-team": "x", "key": "k" * 16, "version": "0"}).get_data(as_text=True)
    assert [text for text in hidden if text in refused] == []


def test_without_a_blind_copy_nothing_of_the_original_is_shown(client: Client, session: Session) -> None:
    from sqlalchemy import delete

    from app.entries.models import BlindCopy

    scene = open_now(session, make_scene(session))
    session.execute(delete(BlindCopy).where(BlindCopy.entry_id == scene.entries[0].id))
    session.commit()
    client.sign_in(scene.judges[0])
    for page in ("/desk/", f"/desk/assignments/{scene.assignment().id}"):
        assert scene.entries[0].title not in client.get(page).get_data(as_text=True)
