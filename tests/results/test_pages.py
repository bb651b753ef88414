"""The organizer's pages over HTTP: compute, propose, release, read, print; strangers find nothing."""

from __future__ import annotations

import csv
import io
import re
import zipfile

import pytest
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts.models import User
from app.calls.models import Edition
from app.notify.enums import MessageState
from app.notify.models import Message
from app.results.enums import CertificateState, RunState
from app.results.models import Award, Certificate, ResultRun
from app.results.operations import compute_run, propose_run, release_run
from app.results.queries import run_rows
from tests.conftest import NOW
from tests.factories.accounts import acting, make_user
from tests.factories.results import World, add_entry, make_world
from tests.support.client import html, words
from tests.support.counting import counted_statements

ROWS = [
    ["88", "90", "86.5", "91", "87"],
    ["88.5", "89", "88", "95", "60"],
    ["88", "90", "86.5", "91", "87"],
    ["80", "80", "80", "80", "80"],
]


@pytest.fixture
def world(session: Session) -> World:
    return make_world(session, ROWS)


def address(world: World, path: str = "") -> str:
    return f"/manage/{world.edition.code}/results/{path}"


def released(session: Session, world: World) -> ResultRun:
    run = compute_run(session, stage=world.stage, call=world.call, actor=acting(session, world.organizer), now=NOW)
    propose_run(session, run=run, actor=acting(session, world.organizer), now=NOW)
    release_run(session, run=run, actor=acting(session, world.host), now=NOW)
    session.commit()
    return run


def posted(client: FlaskClient, world: World) -> str:
    """Compute over HTTP; the address of the run."""
    answer = client.post(address(world, "compute"), data={"stage_id": world.stage.id, "call_id": world.call.id})
    assert answer.status_code == 303
    return str(answer.location)


def test_a_result_goes_through_two_people(client: FlaskClient, session: Session, world: World) -> None:
    client.sign_in(world.organizer)
    page = posted(client, world)
    assert client.post(f"{page}/propose").status_code == 303
    assert client.post(f"{page}/release").status_code == 403
    client.sign_in(world.host)
    assert client.post(f"{page}/release").status_code == 303
    assert session.scalars(select(ResultRun.state)).all() == [RunState.RELEASED]


def test_the_host_who_proposed_finds_the_release_closed(client: FlaskClient, world: World) -> None:
    client.sign_in(world.host)
    page = posted(client, world)
    client.post(f"{page}/propose")
    assert client.post(f"{page}/release").status_code == 403
    assert html(client.get(page)).select_one(".action-off button[disabled]") is not None


def test_the_run_shows_marks_dropped_marks_totals_ties_and_reasons(client: FlaskClient, world: World) -> None:
    client.sign_in(world.organizer)
    tree = html(client.get(posted(client, world)))
    rows = tree.select("#ranking tbody tr")
    first = rows[0]
    cells = [cell.get_text(" ", strip=True) for cell in first.select("td")]
    assert (cells[:2], cells[3:6]) == (["1", "88.50"], ["88.5", "89", "88"])
    assert [mark.get_text() for mark in first.select("del")] == ["95", "60"]
    tied = " ".join(rows[1].get_text(" ").split())
    assert world.entries[0].public_code in tied
    assert world.entries[2].public_code in tied


def test_english_readers_get_english_sentences(client: FlaskClient, world: World) -> None:
    client.sign_in(world.organizer)
    page = posted(client, world)
    text = words(client.get(page, headers={"Accept-Language": "en"}))
    assert "the lowest 60 and highest 95 are dropped" in text
    assert "share the rank" in text


def test_strangers_and_other_offices_find_nothing(client: FlaskClient, session: Session, world: World) -> None:
    run, other = released(session, world), make_world(session, ROWS)
    session.commit()
    for who in (make_user(session, "路人"), other.host, world.entries[0].leader):
        client.sign_in(who)
        for path in (
            "",
            f"{run.id}",
            f"{run.id}/ranking.pdf",
            f"{run.id}/marks.xlsx",
            f"{run.id}/charts/judges.svg",
            f"{run.id}/messages/",
        ):
            assert client.get(address(world, path)).status_code == 404
        assert client.post(address(world, f"{run.id}/release")).status_code == 404
    client.sign_in(other.host)
    assert client.get(address(other, f"{run.id}")).status_code == 404


def test_visitors_are_asked_to_sign_in(client: FlaskClient, world: World) -> None:
    assert client.get(address(world)).status_code == 303


def test_a_supervisor_reads_and_changes_nothing(client: FlaskClient, session: Session, world: World) -> None:
    run = released(session, world)
    client.sign_in(world.supervisor)
    assert client.get(address(world, f"{run.id}")).status_code == 200
    assert client.post(address(world, "compute"), data={"stage_id": world.stage.id, "call_id": world.call.id}).status_code == 403


@pytest.mark.parametrize(
    "data", [{}, {"stage_id": "x", "call_id": "1"}, {"stage_id": "9" * 40, "call_id": "1"}, {"stage_id": "-1", "call_id": "0"}]
)
def test_bad_numbers_are_refused_and_nothing_is_stored(client: FlaskClient, session: Session, world: World, data: dict[str, str]) -> None:
    client.sign_in(world.organizer)
    assert client.post(address(world, "compute"), data=data).status_code == 422
    assert session.scalar(select(func.count()).select_from(ResultRun)) == 0


def test_foreign_stages_do_not_exist(client: FlaskClient, session: Session, world: World) -> None:
    other = make_world(session, ROWS)
    session.commit()
    client.sign_in(world.organizer)
    assert client.post(address(world, "compute"), data={"stage_id": other.stage.id, "call_id": other.call.id}).status_code == 404


def test_a_second_click_on_release_says_that_it_is_done(client: FlaskClient, session: Session, world: World) -> None:
    run = released(session, world)
    client.sign_in(world.host)
    assert client.post(address(world, f"{run.id}/release")).status_code == 422


def test_a_correction_without_reason_is_refused_beside_the_form(client: FlaskClient, session: Session, world: World) -> None:
    released(session, world)
    add_entry(session, world, ["70"] * 5)
    session.commit()
    client.sign_in(world.organizer)
    answer = client.post(address(world, "compute"), data={"stage_id": world.stage.id, "call_id": world.call.id})
    assert (answer.status_code, html(answer).select_one(".error-summary") is not None) == (422, True)


def test_the_list_costs_the_same_for_more_entries(client: FlaskClient, session: Session) -> None:
    counts = []
    for rows in (ROWS[:1], ROWS[:3]):
        world = make_world(session, rows)
        session.commit()
        client.sign_in(world.organizer)
        page = posted(client, world)
        client.get(page)
        with counted_statements() as seen:
            client.get(page)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_ranking_and_summary_are_real_documents(client: FlaskClient, session: Session, world: World) -> None:
    run = released(session, world)
    client.sign_in(world.organizer)
    for path in ("ranking.pdf", "summary.pdf"):
        pages = PdfReader(io.BytesIO(client.get(address(world, f"{run.id}/{path}")).data)).pages
        text = pages[0].extract_text()
        assert world.entries[1].public_code in text
        assert "88.50" in text
        assert run.digest[:16] in text
    unsigned = [seat.name for number, seat in enumerate(world.seats, start=1) if f"{number} {seat.name}" not in text]
    assert unsigned == [], "a place to sign for everybody, to be read in a line"


def test_the_workbook_holds_every_mark_and_no_formula(client: FlaskClient, session: Session, world: World) -> None:
    world.entries[0].title = '=HYPERLINK("http://evil.example","x")'
    run = released(session, world)
    client.sign_in(world.organizer)
    book = zipfile.ZipFile(io.BytesIO(client.get(address(world, f"{run.id}/marks.xlsx")).data))
    sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/")]
    assert all("<f>" not in sheet and "<hyperlink" not in sheet for sheet in sheets)
    assert len(re.findall(r"<row ", sheets[1])) == 1 + 4 * 5


def test_plots_are_images_without_script(client: FlaskClient, session: Session, world: World) -> None:
    run = released(session, world)
    client.sign_in(world.organizer)
    for name in ("judges", "panels", "scores", "agreement"):
        answer = client.get(address(world, f"{run.id}/charts/{name}.svg"))
        assert answer.mimetype == "image/svg+xml"
        assert b"<svg" in answer.data
        assert b"src=" not in answer.data
        again = client.get(address(world, f"{run.id}/charts/{name}.svg"), headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
    assert client.get(address(world, f"{run.id}/charts/passwords.svg")).status_code == 404


def test_messages_wait_until_they_are_read_and_sent(client: FlaskClient, session: Session, world: World) -> None:
    client.sign_in(world.organizer)
    page = posted(client, world)
    client.post(f"{page}/propose")
    client.sign_in(world.host)
    client.post(f"{page}/release")
    of_edition = select(Message).where(Message.edition_id == world.edition.id).order_by(Message.id)
    mails = session.scalars(of_edition).all()
    assert [mail.state for mail in mails] == [MessageState.HELD] * 4
    assert all("88.50" not in mail.body_text and "88.33" not in mail.body_text for mail in mails)
    client.sign_in(world.organizer)
    assert client.post(f"{page}/messages/{mails[0].id}/drop", data={"reason": "wrong address"}).status_code == 303
    assert client.post(f"{page}/messages/{mails[1].id}/drop", data={"reason": ""}).status_code == 422
    edit = f"/manage/{world.edition.code}/outbox/{mails[2].id}/edit"
    assert edit in client.get(f"{page}/messages/").text
    assert client.post(edit, data={"subject": "", "letter": "kept text", "reason": "wrong hall"}).status_code == 422
    assert "kept text" in client.post(edit, data={"subject": "Mended", "letter": "kept text", "reason": ""}).text
    assert client.post(edit, data={"subject": "Mended", "letter": "The hall has changed.", "reason": "wrong hall"}).status_code == 303
    shown = words(client.get(edit.removesuffix("/edit"), headers={"Accept-Language": "en"}))
    assert [text for text in ("What it said before", "wrong hall", "The hall has changed.") if text not in shown] == []
    assert client.post(f"{page}/messages/release").status_code == 303
    session.expire_all()
    assert session.get_one(Message, mails[2].id).subject == "Mended"
    states = [mail.state for mail in session.scalars(select(Message).order_by(Message.id))]
    states = [mail.state for mail in session.scalars(of_edition)]
    assert states[0] == MessageState.DROPPED
    assert all(state != MessageState.HELD for state in states)


def test_certificates_are_issued_in_bulk_once_and_revoked_with_a_new_number(client: FlaskClient, session: Session, world: World) -> None:
    released(session, world)
    client.sign_in(world.organizer)
    base = f"/manage/{world.edition.code}/certificates/"
    for _ in range(2):
        assert client.post(f"{base}issue/zh_CN").status_code == 303
    first, *_ = rows = session.scalars(select(Certificate).order_by(Certificate.id)).all()
    assert [row.number for row in rows] == ["ZS-2026-000001", "ZS-2026-000002", "ZS-2026-000003"]
    assert client.post(f"{base}{first.id}/revoke", data={"reason": "name misspelt", "reissue": "yes"}).status_code == 303
    session.expire_all()
    last = session.scalars(select(Certificate).order_by(Certificate.id.desc())).first()
    assert last is not None
    assert (first.state, last.number, last.replaces_id, last.award_id) == (
        CertificateState.REVOKED,
        "ZS-2026-000004",
        first.id,
        first.award_id,
    )
    assert client.post(f"{base}{first.id}/revoke", data={"reason": "once more"}).status_code == 422


def test_a_certificate_says_what_its_row_says(client: FlaskClient, session: Session, world: World) -> None:
    released(session, world)
    client.sign_in(world.organizer)
    client.post(f"/manage/{world.edition.code}/certificates/issue/zh_CN")
    certificate = session.scalars(select(Certificate).order_by(Certificate.id)).first()
    assert certificate is not None
    text = PdfReader(io.BytesIO(client.get(f"/manage/{world.edition.code}/certificates/{certificate.id}.pdf").data)).pages[0].extract_text()
    award = session.get_one(Award, certificate.award_id)
    for part in (certificate.number, certificate.holder, award.entry.title):
        assert part in "".join(text.split("\n"))


def test_team_members_download_their_own_certificate_only(client: FlaskClient, session: Session, world: World) -> None:
    released(session, world)
    client.sign_in(world.organizer)
    client.post(f"/manage/{world.edition.code}/certificates/issue/zh_CN")
    certificate = session.scalars(select(Certificate).order_by(Certificate.id)).first()
    assert certificate is not None
    winner: User = certificate.award.entry.leader
    client.sign_in(winner)
    assert client.get(f"/my/certificates/{certificate.number}.pdf").mimetype == "application/pdf"
    client.sign_in(world.entries[3].leader)
    assert client.get(f"/my/certificates/{certificate.number}.pdf").status_code == 404


def fetched(client: FlaskClient, ordered: TestResponse) -> bytes:
    """The file that was ordered, as its page offers it."""
    return client.get(f"{ordered.headers['Location']}/file").data


def test_all_certificates_are_made_in_the_background(client: FlaskClient, session: Session, world: World) -> None:
    released(session, world)
    client.sign_in(world.organizer)
    base = f"/manage/{world.edition.code}/certificates/"
    assert client.post(f"{base}all/en/zip").status_code == 404
    client.post(f"{base}issue/en")
    archive = zipfile.ZipFile(io.BytesIO(fetched(client, client.post(f"{base}all/en/zip"))))
    assert archive.namelist() == [f"ZS-2026-00000{n}.pdf" for n in (1, 2, 3)]
    booklet = PdfReader(io.BytesIO(fetched(client, client.post(f"{base}all/en/booklet"))))
    assert [f"ZS-2026-00000{n}" in page.extract_text() for n, page in enumerate(booklet.pages, 1)] == [True] * 3
    assert client.post(f"{base}all/fr/zip").status_code == 404
    assert client.post(f"{base}all/en/other").status_code == 404


def test_a_long_list_is_ordered_and_a_short_one_is_given_at_once(client: FlaskClient, session: Session, world: World) -> None:
    released(session, world)
    client.sign_in(world.organizer)
    run = session.scalars(select(ResultRun)).first()
    base = f"/manage/{world.edition.code}/results/{run.id}"
    at_once = {name: client.get(f"{base}/{name}").data for name in ("marks.csv", "ranking.pdf", "marks.xlsx")}
    run.summary = {**run.summary, "total": 301}
    session.commit()
    assert client.get(f"{base}/ranking.pdf").headers["Location"] == base
    assert client.get(f"{base}/marks.csv").headers["Location"] == base
    assert fetched(client, client.post(f"{base}/files/csv")) == at_once["marks.csv"]
    for what, start in (("ranking", b"%PDF"), ("summary", b"%PDF"), ("marks", b"PK")):
        assert fetched(client, client.post(f"{base}/files/{what}")).startswith(start)
    assert client.post(f"{base}/files/other").status_code == 404
    assert f"{base}/files/marks" in client.get(base).get_data(as_text=True)


def test_the_csv_has_every_mark_under_its_heads(client: FlaskClient, session: Session, world: World) -> None:
    """Audience: staff and supervisors after the seal. No column tells more than code, title, judge, total, fate and marks."""
    released(session, world)
    client.sign_in(world.organizer)
    run = session.scalars(select(ResultRun)).first()
    rows = list(csv.reader(io.StringIO(client.get(f"/manage/{world.edition.code}/results/{run.id}/marks.csv").data.decode("utf-8-sig"))))
    marks = [line for row in run_rows(session, run.id) for line in row.detail.judges]
    assert len(rows) == 1 + len(marks)
    heads = ["编号", "项目", "评委", "姓名", "总分", "是否计入"]
    assert (rows[0][:6], len(rows[0])) == (heads, 6 + len(marks[0].marks))
    assert [row[4] for row in rows[1:4]] == [line.total for line in sorted(marks[:3], key=lambda line: line.judge)]


def test_a_frozen_edition_releases_nothing(client: FlaskClient, session: Session, world: World) -> None:
    client.sign_in(world.organizer)
    page = posted(client, world)
    edition = session.get_one(Edition, world.edition.id)
    edition.frozen_at, edition.frozen_reason = NOW, "a complaint"
    session.commit()
    assert client.post(f"{page}/propose").status_code == 422


def png(size: int = 60) -> io.BytesIO:
    buffer = io.BytesIO()
    Image.new("RGBA", (size, size), (180, 20, 20, 120)).save(buffer, "PNG")
    buffer.seek(0)
    return buffer


def test_the_host_gives_certificates_a_seal_and_takes_it_away(client: FlaskClient, session: Session, world: World) -> None:
    released(session, world)
    base = f"/manage/{world.edition.code}/certificates/"
    client.sign_in(world.organizer)
    assert client.post(f"{base}seal", data={"seal": (png(), "seal.png")}).status_code == 403
    client.sign_in(world.host)
    assert client.post(f"{base}seal").status_code == 422
    assert client.post(f"{base}seal", data={"seal": (io.BytesIO(b"<svg onload=alert(1)>"), "seal.png")}).status_code == 422
    assert client.post(f"{base}seal", data={"seal": (png(), "seal.png")}).status_code == 303
    client.post(f"{base}issue/zh_CN")
    certificate = session.scalars(select(Certificate).order_by(Certificate.id)).first()
    assert certificate is not None

    def images() -> int:
        return client.get(f"{base}{certificate.id}.pdf").data.count(b"/Subtype /Image")

    with_seal = images()
    assert client.post(f"{base}seal/remove").status_code == 303
    assert images() < with_seal
