"""The judge's desk over HTTP: queue, sheet, save, conflict, recusal, sign-off."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import current_app
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.calls.rules import Disclosure
from app.core import clock
from app.core.db import db
from app.judging.enums import AssignmentState, SeatState
from app.judging.models import Assignment, Reopening, ScoreSheet, SheetSave
from app.judging.operations import signing
from tests.factories.accounts import make_user
from tests.factories.judging import Scene, make_scene
from tests.support.client import Client, html, words
from tests.support.counting import counted_statements

MARKS = {"mark-novelty": "25.5", "mark-size": "18", "mark-plan": "17.5", "mark-team": "24"}
KEY = "0123456789abcdef"
JSON = {"Accept": "application/json"}


@pytest.fixture
def scene(session: Session) -> Scene:
    return open_now(session, make_scene(session))


def open_now(session: Session, scene: Scene) -> Scene:
    """Views read the real clock: move the stage's window around it."""
    from datetime import timedelta

    scene.stage.opens_at, scene.stage.closes_at = clock.now() - timedelta(1), clock.now() + timedelta(1)
    session.flush()
    return scene


def url(scene: Scene, entry: int = 0, judge: int = 0) -> str:
    return f"/desk/assignments/{scene.assignment(entry, judge).id}"


def send(client: FlaskClient, scene: Scene, data: dict[str, str] | None = None, *, key: str = KEY, version: int = 0, **more: Any) -> Any:
    values = {**(MARKS if data is None else data), "version": str(version), "key": key}
    return client.post(url(scene), data=values, **more)


def test_the_queue_shows_only_own_entries_with_blind_titles(client: Client, session: Session, scene: Scene) -> None:
    other = open_now(session, make_scene(session))
    page = words(client.sign_in(scene.judges[0]).get("/desk/"))
    assert all(entry.public_code in page for entry in scene.entries)
    assert "Blind title" in page
    assert not any(entry.title in page or entry.unit_name in page for entry in scene.entries)
    assert not any(entry.public_code in page for entry in other.entries)


def test_a_save_answers_303_and_is_stored(client: Client, session: Session, scene: Scene) -> None:
    answer = send(client.sign_in(scene.judges[0]), scene)
    assert (answer.status_code, answer.location) == (303, url(scene))
    sheet = session.scalars(select(ScoreSheet)).one()
    assert (str(sheet.total), sheet.revision) == ("85.000000", 1)
    assert "85" in words(client.get(url(scene)))


def test_save_and_next_goes_to_the_next_unscored_entry(client: Client, session: Session, scene: Scene) -> None:
    answer = send(client.sign_in(scene.judges[0]), scene, {**MARKS, "then": "next"})
    assert answer.location == url(scene, 1)


def test_the_script_gets_version_time_and_receipt(client: Client, session: Session, scene: Scene) -> None:
    answer = send(client.sign_in(scene.judges[0]), scene, headers={**JSON, "Idempotency-Key": "abcdefabcdef0001"})
    save = session.scalars(select(SheetSave)).one()
    assert answer.status_code == 200
    assert answer.json["version"] == 1
    assert answer.json["total"] == "85.000000"
    assert answer.json["receipt"].replace(" ", "") == save.digest[:8].upper()
    again = send(client, scene, headers={**JSON, "Idempotency-Key": "abcdefabcdef0001"})
    assert again.json == answer.json
    assert session.scalar(select(func.count(SheetSave.id))) == 1


def test_a_second_tab_sees_both_values_and_loses_nothing(client: Client, session: Session, scene: Scene) -> None:
    client.sign_in(scene.judges[0])
    send(client, scene)
    theirs = send(client, scene, {**MARKS, "mark-team": "11"}, key="k" * 16, headers=JSON)
    assert theirs.status_code == 409
    assert (theirs.json["version"], theirs.json["theirs"]["mark-team"]) == (1, "24")
    page = send(client, scene, {**MARKS, "mark-team": "11", "comment": "second tab"}, key="m" * 16)
    tree = html(page)
    assert page.status_code == 409
    assert tree.find(id="mark-team")["value"] == "11"
    assert "24" in tree.find(id="mark-team").find_parent("section").get_text()
    assert tree.find(id="comment").get_text() == "second tab"
    assert tree.find("input", {"name": "version"})["value"] == "1"
    assert session.scalars(select(SheetSave.content)).one()["marks"]["team"] == "24"


def test_a_mark_out_of_range_is_refused_beside_its_field_and_the_rest_is_kept(client: Client, session: Session, scene: Scene) -> None:
    page = send(client.sign_in(scene.judges[0]), scene, {**MARKS, "mark-team": "30.5", "comment": "kept"})
    tree = html(page)
    assert page.status_code == 422
    assert tree.find(id="mark-team-error") is not None
    assert (tree.find(id="mark-team")["value"], tree.find(id="mark-novelty")["value"]) == ("30.5", "25.5")
    assert tree.find(id="comment").get_text() == "kept"
    assert session.scalar(select(func.count(ScoreSheet.id))) == 0


def test_a_mark_between_two_steps_names_its_neighbours_as_one_would_write_them(client: Client, session: Session, scene: Scene) -> None:
    answer = send(client.sign_in(scene.judges[0]), scene, {**MARKS, "mark-team": "7.05"}, headers={**JSON, "Accept-Language": "en"})
    assert answer.json["errors"]["mark-team"] == ["Marks go in steps of 0.1; the nearest are 7 and 7.1."]


def test_what_is_missing_for_the_signature_is_told_once_the_sheet_is_begun(client: Client, session: Session, scene: Scene) -> None:
    client.sign_in(scene.judges[0])
    assert html(client.get(url(scene))).select("[data-fault]:not([hidden])") == []
    send(client, scene, {**MARKS, "mark-team": ""})
    told = html(client.get(url(scene))).select("[data-fault]:not([hidden])")
    assert [hint.find_parent("section")["data-item"] for hint in told] == ["team"]


HOSTILE = [
    "NaN", "nan", "Infinity", "-Infinity", "inf", "1e1", "1E1", "1e-1", "0x10", "0b1", "0o7", "1_0", "true", "True", "None", "null",
    "８", "８.５", "٨", "८", "1,5", "1,000", "1 000", "1'000", "+5", "-1", "-0", "--1", "5.", ".5", "5.5.5", "5..5", "1/2", "½", "5%",
    "99999999999999999999", "0.00001", "1" * 5000, "1\x00", "<b>5</b>", "=1+1", "'; DROP TABLE marks; --", "\u202e5", "5;5", "[5]",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_numbers_are_refused_with_words(client: Client, session: Session, scene: Scene, text: str) -> None:
    answer = send(client.sign_in(scene.judges[0]), scene, {**MARKS, "mark-team": text}, headers=JSON)
    assert answer.status_code == 422
    assert answer.json["errors"]["mark-team"][0]
    assert session.scalar(select(func.count(ScoreSheet.id))) == 0


def test_control_characters_and_too_long_texts_are_refused(client: Client, session: Session, scene: Scene) -> None:
    client.sign_in(scene.judges[0])
    for name, text in (("comment", "a\x00b"), ("comment", "x" * 5001), ("remark-team", "y" * 1001), ("private_note", "\u202eabc")):
        assert send(client, scene, {**MARKS, name: text}, headers=JSON).status_code == 422
    assert session.scalar(select(func.count(ScoreSheet.id))) == 0


@pytest.mark.parametrize(("key", "version"), [("", "0"), ("short", "0"), (KEY, "-1"), (KEY, "x"), (KEY, "9" * 30), ("k e y" * 5, "0")])
def test_a_page_without_key_or_version_is_told_to_reload(client: Client, session: Session, scene: Scene, key: str, version: str) -> None:
    client.sign_in(scene.judges[0])
    answer = client.post(url(scene), data={**MARKS, "key": key, "version": version}, headers=JSON)
    assert answer.status_code == 422
    assert session.scalar(select(func.count(ScoreSheet.id))) == 0


def test_anothers_assignment_does_not_exist(client: Client, session: Session, scene: Scene) -> None:
    client.sign_in(scene.judges[1])
    assert client.get(url(scene)).status_code == 404
    assert send(client, scene).status_code == 404
    client.sign_in(make_user(session))
    assert client.get(url(scene)).status_code == 404
    assert client.get("/desk/assignments/999999").status_code == 404


def test_a_visitor_is_asked_to_sign_in(client: Client, scene: Scene) -> None:
    assert client.get(url(scene)).status_code == 303
    assert send(client, scene).status_code == 303


def test_a_seat_that_was_taken_away_shows_nothing_from_the_next_request_on(client: Client, session: Session, scene: Scene) -> None:
    client.sign_in(scene.judges[0])
    assert client.get(url(scene)).status_code == 200
    scene.seats[0].state = SeatState.REMOVED
    session.flush()
    assert client.get(url(scene)).status_code == 403
    assert scene.entries[0].public_code not in words(client.get("/desk/"))


def test_recusal_takes_a_reason_and_hides_the_entry(client: Client, session: Session, scene: Scene) -> None:
    client.sign_in(scene.judges[0])
    assert client.post(f"{url(scene)}/recusal", data={}).status_code == 422
    answer = client.post(f"{url(scene)}/recusal", data={"reason_code": "relative", "reason": "cousin"})
    assert answer.status_code == 303
    assert session.get(Assignment, scene.assignment().id).state == AssignmentState.RECUSED
    assert "您已回避" in words(client.get("/desk/"))
    assert client.get(url(scene)).status_code == 404
    assert html(client.get("/desk/?status=recused")).find("a", href=url(scene)) is None


def test_signing_needs_the_password_and_gives_a_receipt(client: Client, session: Session, scene: Scene) -> None:
    from app.accounts.operations.passwords import put_password

    put_password(session, user=scene.judges[0], password="correct horse battery staple", now=clock.now())
    client.sign_in(scene.judges[0])
    send(client, scene)
    page = f"/desk/seats/{scene.seats[0].id}/sign-off"
    value = f"{scene.assignment().id}:1"
    assert client.get(page).status_code == 200
    refused = client.post(page, data={"sheets": value, "password": "wrong"})
    assert refused.status_code == 422
    assert client.post(page, data={"sheets": value, "password": "correct horse battery staple"}).status_code == 303
    assert "1 份评分表已签署并锁定" in words(client.get(page))
    sheet = session.scalars(select(ScoreSheet)).one()
    assert sheet.signature
    receipt = words(client.get(f"{url(scene)}/receipt"))
    assert sheet.receipt_code in receipt
    assert sheet.digest in receipt
    kept = client.get(f"{url(scene)}/receipt.json").json
    assert kept["receipt"]["sheet_digest"] == sheet.digest
    covered = json.dumps(kept["receipt"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(kept["public_key"]))
    key.verify(base64.b64decode(kept["signature"]), covered)  # raises when the file alone does not prove itself
    printed = words(client.get(f"{url(scene)}/print"))
    assert "85" in printed
    late = send(client, scene, {**MARKS, "mark-team": "1"}, key="n" * 16, version=1, headers=JSON)
    assert late.status_code == 422


def test_the_page_of_signing_names_each_line_that_is_still_open(client: Client, scene: Scene) -> None:
    client.sign_in(scene.judges[0])
    send(client, scene, {**MARKS, "mark-team": ""})
    page = html(client.get(f"/desk/seats/{scene.seats[0].id}/sign-off", headers={"Accept-Language": "en"}))
    assert [" ".join(line.get_text(" ").split()) for line in page.select("tbody li")] == ["Team A mark is missing here."]


def test_statements_do_not_grow_with_the_queue(client: Client, session: Session) -> None:
    counts = []
    for entries in (1, 3):
        scene = open_now(session, make_scene(session, entries=entries))
        client.sign_in(scene.judges[0])
        client.get("/desk/")
        with counted_statements() as seen:
            client.get("/desk/")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 5


def test_statements_of_form_and_save_stay_within_their_goals(client: Client, session: Session, scene: Scene) -> None:
    client.sign_in(scene.judges[0])
    client.get(url(scene))
    with counted_statements() as form:
        client.get(url(scene))
    send(client, scene)
    with counted_statements() as saving:
        send(client, scene, {**MARKS, "mark-team": "20"}, key="b" * 16, version=1, headers=JSON)
    lock = 0 if db.is_sqlite else 1  # on PostgreSQL the lock is a statement of its own, so that what follows is read after the wait
    assert (len(form) <= 6, len(saving) <= 8 + lock) == (True, True), (form, saving)


def test_an_open_stage_shows_the_unit_but_no_contact(client: Client, session: Session) -> None:
    scene = open_now(session, make_scene(session, disclosure=Disclosure(blind=False)))
    page = words(client.sign_in(scene.judges[0]).get(url(scene)))
    entry = scene.entries[0]
    assert entry.title in page
    assert entry.unit_name in page
    assert entry.answers["phone"] not in page


def test_the_sheet_is_printed_as_a_pdf_with_the_same_numbers(client: Client, session: Session, scene: Scene) -> None:
    from io import BytesIO

    from pypdf import PdfReader

    client.sign_in(scene.judges[0])
    send(client, scene, {**MARKS, "comment": "well argued"})
    answer = client.get(f"{url(scene)}/print.pdf")
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages)
    assert answer.mimetype == "application/pdf"
    assert [word for word in ("25.5", "17.5", "85", "well argued", scene.entries[0].public_code) if word not in text] == []
    assert scene.entries[0].unit_name not in text


def test_a_judge_gives_the_seat_back_before_signing(client: Client, session: Session, scene: Scene) -> None:
    client.sign_in(scene.judges[0])
    seat = scene.seats[0]
    assert client.post(f"/desk/seats/{scene.seats[1].id}/leaving", data={"reason": "not mine"}).status_code == 404
    assert client.post(f"/desk/seats/{seat.id}/leaving", data={"reason": "ill until May"}).status_code == 303
    session.refresh(seat)
    assert (seat.state, seat.decline_reason) == (SeatState.DECLINED, "ill until May")
    assert client.get(url(scene)).status_code == 404


def test_a_signed_sheet_says_what_has_been_asked_of_it(client: Client, session: Session, scene: Scene) -> None:
    client.sign_in(scene.judges[0])
    send(client, scene)
    sheet = session.scalars(select(ScoreSheet)).one()
    signing.sign_sheets(
        session,
        assignments=[(scene.assignment().id, 1)],
        signer=current_app.extensions["signer"],
        actor=scene.judge(session),
        now=clock.now(),
    )
    session.commit()
    page = html(client.get(url(scene)))
    assert page.select_one('form[action$="/reopening"]') is not None
    assert client.post(f"{url(scene)}/reopening", data={"reason": "wrong column"}).status_code == 303
    client.get("/desk/")  # takes the message of the request itself
    page = html(client.get(url(scene)))
    assert "待另一人决定" in page.get_text()
    assert page.select_one('form[action$="/reopening"]') is None
    assert session.scalars(select(Reopening.sheet_id)).all() == [sheet.id]


def test_the_chair_finds_requests_on_the_desk(client: Client, session: Session, scene: Scene) -> None:
    from app.judging.models import Reopening

    scene.seats[1].is_chair = True
    send(client.sign_in(scene.judges[0]), scene)
    sheet = session.scalars(select(ScoreSheet)).one()
    session.add(Reopening(sheet_id=sheet.id, reason="wrong column", asked_by_id=scene.judges[0].id, asked_at=clock.now()))
    session.commit()
    assert "wrong column" not in words(client.get("/desk/"))
    assert "wrong column" in words(client.sign_in(scene.judges[1]).get("/desk/"))


def test_released_stages_move_to_a_page_of_their_own(client: Client, session: Session, scene: Scene) -> None:
    from app.calls.enums import StageState

    client.sign_in(scene.judges[0])
    scene.stage.state = StageState.RELEASED
    session.flush()
    assert scene.entries[0].public_code not in words(client.get("/desk/"))
    assert scene.entries[0].public_code in words(client.get("/desk/?past=1"))
    assert client.get(url(scene)).status_code == 200
    assert send(client, scene, headers=JSON).status_code == 422


def test_files_open_under_the_name_that_judges_see_and_for_their_judge_alone(client: Client, session: Session, scene: Scene) -> None:
    from app.dynforms.schema import Field, FieldKind, FormSchema, Text, Visibility
    from app.entries.models import BlindCopy
    from tests.factories.files import make_blob, pdf

    entry = scene.entries[0]
    plan = Field("plan", FieldKind.FILE, Text("商业计划书"), section="main", visibility=Visibility.BLIND_SAFE)
    proof = Field("proof", FieldKind.FILE, Text("身份证明"), section="main", visibility=Visibility.STAFF)
    version = entry.form_version
    version.schema = FormSchema(sections=version.schema.sections, fields=[*version.schema.fields, plan, proof])
    blob = make_blob(session, pdf(2), "Secret Company plan.pdf")
    copy = session.scalars(select(BlindCopy).where(BlindCopy.entry_id == entry.id)).one()
    shown = {"name": "P1_1.pdf", "type": "application/pdf", "size": blob.size, "pages": 2}
    copy.content = {
        "answers": copy.content["answers"],
        "files": [
            {"field": "plan", "blob_id": blob.id, **shown}, {"field": "plan", "blob_id": None, **shown},
            {"field": "proof", "blob_id": blob.id, **shown},
        ],
    }  # fmt: skip
    session.commit()
    client.sign_in(scene.judges[0])
    page = html(client.get(url(scene)))
    assert page.find("iframe")["src"].startswith(f"{url(scene)}/files/1")
    answer = client.get(f"{url(scene)}/files/1")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert "P1_1.pdf" in answer.headers["Content-Disposition"]
    assert "Secret" not in str(answer.headers) + str(page)
    for number in (0, 2, 3, 4, 10**9):
        assert client.get(f"{url(scene)}/files/{number}").status_code == 404
    client.sign_in(scene.judges[1])
    assert client.get(f"{url(scene)}/files/1").status_code == 404
    client.sign_in(scene.judges[0])
    client.post(f"{url(scene)}/recusal", data={"reason_code": "relative"})
    assert client.get(f"{url(scene)}/files/1").status_code == 404
