"""The talent office over HTTP, and a person's own file."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.audit.models import Reading
from app.core import clock
from app.core.authz import SYSTEM
from app.notices.models import Notice
from app.results.operations import compute_run, propose_run, release_run
from app.talent.enums import CheckKind, RecordState
from app.talent.models import FastTrack, Program, SelectionCheck, SelectionRecord, Tier
from app.talent.operations import save_fast_track
from app.talent.subscribers import propose_winners
from tests.conftest import NOW
from tests.factories.accounts import acting, grant, make_user
from tests.factories.results import World, make_world
from tests.factories.talent import Office, make_office
from tests.support.client import words
from tests.support.counting import counted_statements

ANSWERS = {"answers": {"birth_date": "1990-05-01", "degree": "doctor"}}


def winners(session: Session, rows: int = 3) -> tuple[World, Office, list[SelectionRecord]]:
    world, office = make_world(session, [[str(90 - n)] * 5 for n in range(rows)]), make_office(session)
    grant(session, office.officer, Role.TALENT_OFFICER, organization=world.edition.host)
    for key in ("first", "second"):
        save_fast_track(
            session,
            edition=world.edition,
            award_key=key,
            tier=office.tier,
            skips=[],
            valid_months=24,
            landing_months=12,
            actor=SYSTEM,
            now=NOW,
        )
    for entry in world.entries:
        entry.eligibility = ANSWERS
    who = acting(session, world.organizer)
    run = compute_run(session, stage=world.stage, call=world.call, actor=who, now=NOW)
    propose_run(session, run=run, actor=who, now=NOW)
    release_run(session, run=run, actor=acting(session, world.host), now=NOW)
    propose_winners(session, type("E", (), {"edition_id": world.edition.id})(), NOW)  # type: ignore[arg-type]
    session.commit()
    return world, office, list(session.scalars(select(SelectionRecord).order_by(SelectionRecord.id)))


def identity(session: Session, record: SelectionRecord) -> SelectionCheck:
    return session.scalars(
        select(SelectionCheck).where(SelectionCheck.record_id == record.id, SelectionCheck.kind == CheckKind.IDENTITY)
    ).one()


def test_a_programme_is_set_up_in_the_browser(client: FlaskClient, session: Session) -> None:
    world, office = make_world(session, [["90"] * 5]), make_office(session)
    grant(session, office.officer, Role.TALENT_OFFICER, organization=world.edition.host)
    session.commit()
    client.sign_in(office.officer)
    form = {
        "organization_id": office.organization.id,
        "code": "elite",
        "name": "精英计划",
        "notice_days": "5",
        "degree": "",
        "kinds": ["identity", "age"],
        "age": "45",
    }
    answer = client.post("/talent/programs/new", data=form)
    assert answer.status_code == 303
    page = answer.location
    assert client.post(f"{page}/tiers", data={"code": "A", "name": "领军", "support_wan": "100.5"}).status_code == 303
    program = session.scalars(select(Program).where(Program.code == "elite")).one()
    tier = session.scalars(select(Tier).where(Tier.program_id == program.id)).one()
    assert ([c["value"] for c in program.checks], str(tier.support_wan)) == (["", "45"], "100.5000")
    track = {"award": f"{world.edition.id}:first", "tier_id": tier.id, "skips": ["defence"], "valid_months": "24", "landing_months": "12"}
    assert client.post(f"{page}/tracks", data=track | {"skips": ["notice"]}).status_code == 422
    assert client.post(f"{page}/tracks", data=track | {"award": "999999:first"}).status_code == 422
    assert client.post(f"{page}/tracks", data=track).status_code == 303
    assert session.scalars(select(FastTrack.skips).where(FastTrack.tier_id == tier.id)).all() == [["defence"]]
    shown = words(client.get(page))
    assert "领军" in shown
    assert "一等奖" in shown  # the award's name, not its key
    assert "不超过 45 周岁" in shown
    assert "first" not in shown


@pytest.mark.parametrize(
    "change", [{"code": ""}, {"notice_days": "x"}, {"notice_days": "99999999999"}, {"age": "-1"}, {"kinds": "magic"}, {"name": "x" * 5000}]
)
def test_bad_programmes_are_refused(client: FlaskClient, session: Session, change: dict[str, str]) -> None:
    office = make_office(session)
    session.commit()
    client.sign_in(office.officer)
    form = {
        "organization_id": office.organization.id,
        "code": "elite",
        "name": "精英计划",
        "notice_days": "5",
        "degree": "",
        "kinds": ["identity"],
    } | change
    assert client.post("/talent/programs/new", data=form).status_code == 422
    assert session.scalar(select(Program).where(Program.code == "elite")) is None


def test_a_second_programme_with_the_same_code_is_explained(client: FlaskClient, session: Session) -> None:
    office = make_office(session)
    session.commit()
    client.sign_in(office.officer)
    form = {
        "organization_id": office.organization.id,
        "code": office.program.code,
        "name": "再来",
        "notice_days": "5",
        "degree": "",
        "kinds": ["identity"],
    }
    assert client.post("/talent/programs/new", data=form).status_code == 422


def test_the_whole_way_in_the_browser(client: FlaskClient, session: Session) -> None:
    _, office, (record, *_) = winners(session)
    client.sign_in(office.officer)
    page = f"/talent/records/{record.number}"
    assert client.post(f"{page}/finish").status_code == 422
    check = identity(session, record)
    assert client.post(f"{page}/checks/{check.id}", data={"result": "waived", "reason": "well known here"}).status_code == 422
    assert client.post(f"{page}/checks/{check.id}", data={"result": "pass", "reason": "ID card seen"}).status_code == 303
    assert client.post(f"{page}/finish").status_code == 303
    today = clock.local_date(clock.now())
    texts = {
        "ids": record.id,
        "title": "拟入选人员公示",
        "starts_on": (today + timedelta(days=1)).isoformat(),
        "contact": "人才办",
        "discipline_contact": "纪检组",
    }
    assert client.get(f"/talent/notices/new?ids={record.id}").status_code == 200
    answer = client.post("/talent/notices/new", data=texts)
    assert answer.status_code == 303
    assert client.post(f"{answer.location}/publish").status_code == 303
    assert client.get(f"{answer.location}.pdf").mimetype == "application/pdf"
    client.sign_in(office.second)
    assert client.post(f"{page}/confirm").status_code == 422
    notice = session.scalars(select(Notice)).one()
    notice.starts_on, notice.ends_on = NOW.date(), NOW.date()
    session.commit()
    client.sign_in(office.officer)
    assert client.post(f"{page}/confirm").status_code == 403
    client.sign_in(office.second)
    assert client.post(f"{page}/confirm").status_code == 303
    session.expire_all()
    assert session.get_one(SelectionRecord, record.id).state == RecordState.CONFIRMED


def test_a_notice_for_nobody_leads_back_to_the_list(client: FlaskClient, session: Session) -> None:
    _, office, (record, *_) = winners(session)
    client.sign_in(office.officer)
    assert client.get("/talent/notices/new").location == "/talent/records"
    assert client.get(f"/talent/notices/new?ids={record.id}").location == "/talent/records"


def test_other_offices_find_nothing(client: FlaskClient, session: Session) -> None:
    _, _, (record, *_) = winners(session)
    other = make_office(session)
    session.commit()
    client.sign_in(other.officer)
    for path in (
        f"records/{record.number}",
        f"people/{record.user_id}",
        f"programs/{record.tier.program_id}",
        "notices/1",
        f"notices/new?ids={record.id}",
    ):
        assert client.get(f"/talent/{path}").status_code == 404
    assert client.post(f"/talent/records/{record.number}/finish").status_code == 404
    assert record.number not in words(client.get("/talent/records"))
    client.sign_in(make_user(session))
    assert client.get("/talent/").status_code == 403


def test_the_list_costs_the_same_for_more_records(client: FlaskClient, session: Session) -> None:
    counts = []
    for rows in (1, 3):
        _, office, _ = winners(session, rows)
        client.sign_in(office.officer)
        client.get("/talent/records")
        with counted_statements() as seen:
            client.get("/talent/records")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_ledger_is_masked_and_holds_no_formula(client: FlaskClient, session: Session) -> None:
    world, office, records = winners(session)
    records[0].unit = '=cmd|"x" 11010519491231002X'
    world.entries[1].title = "联系电话13812345678"
    session.commit()
    client.sign_in(office.officer)
    book = zipfile.ZipFile(io.BytesIO(client.get("/talent/records.xlsx").data))
    text = (
        book.read("xl/worksheets/sheet1.xml").decode() + book.read("xl/sharedStrings.xml").decode()
        if "xl/sharedStrings.xml" in book.namelist()
        else book.read("xl/worksheets/sheet1.xml").decode()
    )
    assert "<f>" not in text
    assert "11010519491231002X" not in text
    assert "1101**********002X" in text
    assert "138****5678" in text


def test_opening_a_talent_file_is_noted(client: FlaskClient, session: Session) -> None:
    _, office, (record, *_) = winners(session)
    client.sign_in(office.officer)
    text = words(client.get(f"/talent/people/{record.user_id}", headers={"Accept-Language": "en"}))
    assert record.number in text or "领军人才" in text or "Leading" in text
    assert session.scalars(select(Reading.subject)).all() == ["talent_file"]


def test_a_person_reads_the_own_file_in_time_order(client: FlaskClient, session: Session) -> None:
    world, _, (record, *_) = winners(session)
    client.sign_in(world.entries[0].leader)
    text = words(client.get("/my/talent/", headers={"Accept-Language": "en"}))
    places = [text.index(word) for word in ("Took part", "First prize", "Selection record")]
    assert places == sorted(places)
    client.sign_in(make_user(session))
    assert world.entries[0].title not in words(client.get("/my/talent/"))
    assert record.proposed_at < datetime(2100, 1, 1, tzinfo=UTC)
