"""From a published contest to a talent record, over HTTP: the whole main line as its people walk it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from pypdf import PdfWriter
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.calls.models import Call, Edition, Stage
from app.core import clock
from app.documents.models import VerificationCode
from app.entries.models import Entry, EntryVersion
from app.judging.models import Assignment, AssignmentPlan, Panel, Seat
from app.notices.models import Notice
from app.results.models import Certificate, ResultRun, Standing
from tests.factories.accounts import grant, make_user
from tests.support.mailbox import link_in, mails, sent_text
from tests.support.visitor import Journey, Visitor

from .conftest import PASSWORD, Cast
from .talent import open_fast_track, select_winner

CODE = "spring-leg"
TITLES = ("低温快烧电子浆料", "水稻种子活力无损检测", "管道爬壁检测机器人", "植入式微针", "钠离子储能电芯", "冷链可信记录")


#: Five judges' totals by entry: a dropped extreme, a tie, one far below.
TOTALS = ("88 90 86.5 91 87", "88.5 89 88 95 60", "85 85 85 85 85", "84 85 85 85 87", "79 80 81 80 80", "60 62 61 60 59")
HALF = Decimal("0.5")


def score(judge: Visitor, session: Session, title: str, total: Decimal) -> None:
    """A sheet whose four marks make the total."""
    wanted = select(Assignment.id).join(Entry, Entry.id == Assignment.entry_id).join(Seat, Seat.id == Assignment.seat_id)
    sheet = session.scalars(wanted.where(Entry.title == title, Seat.email == judge.user.email)).one()
    marks = {key: (total * share / HALF).to_integral_value() * HALF for key, share in SHARES.items()}
    marks["delivery"] = total - sum(marks.values(), Decimal(0))
    values = {f"mark-{key}": str(mark) for key, mark in marks.items()} | {f"remark-{key}": "理由充分" for key in marks}
    judge.send(f"/desk/assignments/{sheet}", {**values, "comment": "意见"}, form=f"assignments/{sheet}")


SHARES = {"innovation": Decimal("0.4"), "value": Decimal("0.3"), "feasible": Decimal("0.2")}


def pdf(pages: int = 3) -> BytesIO:
    writer, made = PdfWriter(), BytesIO()
    for _ in range(pages):
        writer.add_blank_page(width=595, height=842)
    writer.write(made)
    made.seek(0)
    return made


def publish_from_preset(journey: Journey, cast: Cast) -> None:
    """The organizer makes the edition in one form and asks; the host publishes."""
    opens = journey.moment + timedelta(days=3)
    organizer, host = journey.person(cast.people["organizer"]), journey.person(cast.people["host"])
    organizer.send("/manage/new", {
        "preset": "leg", "title": "春季专题赛", "code": CODE, "host": str(cast.office.id), "organizer": str(cast.office.id),
        "opens_at": clock.local(opens).strftime("%Y-%m-%dT%H:%M"),
    })  # fmt: skip
    organizer.send(f"/manage/{CODE}/about", {"objection_contact": "演示电话", "discipline_contact": "演示纪检电话", "address": "演示路1号"})
    journey.stranger().go(f"/contests/{CODE}", expect=404)
    organizer.press(f"/manage/{CODE}/", "request-publication")
    journey.later(hours=1)
    host.press(f"/manage/{CODE}/", f"{CODE}/publish")
    journey.until(opens + timedelta(hours=1))
    stranger = journey.stranger()
    stranger.go(f"/contests/{CODE}")
    assert "春季专题赛" in stranger.text()


def enter(leader: Visitor, call: Call, title: str, session: Session) -> Entry:
    """Eligibility first, then the sections one by one, the file, and handing in."""
    check = f"/contests/{CODE}/{call.code}/check"
    leader.send(check, {"leads_other_entry": "no", "team_size": "3"})
    leader.send(f"/contests/{CODE}/{call.code}/start", {"title": title, "unit_name": "演示企业"})
    entry = session.scalars(select(Entry).where(Entry.title == title)).one()
    base = f"/my/entries/{entry.code}"
    sections: dict[str, dict[str, Any]] = {
        "project": {"x_summary": "面向产业链难题，已完成样机。"},
        "entrant": {"x_leader-name": leader.user.name, "x_leader-email": leader.user.email},
        "declaration": {"x_declaration": "y"},
    }
    for section, values in sections.items():
        leader.send(f"{base}/sections/{section}", values, form="sections")
    leader.send(f"{base}/sections/files", {"file": (pdf(), "路演.pdf")}, form="files/slides")
    leader.send(f"{base}/submit", {"confirmed": "yes"})
    return entry


def check_all(organizer: Visitor, entries: list[Entry], session: Session) -> None:
    """The formal check: every point ticked, every entry passes and gets its public code."""
    for entry in entries:
        decision = {"checklist": ["0", "1", "2"], "decision": "pass"}
        organizer.send(f"/manage/{CODE}/entries/{entry.code}", decision, form="decide")
    session.expire_all()
    assert all(entry.state == "accepted" and entry.public_code for entry in entries)


def seat_judges(journey: Journey, cast: Cast, session: Session) -> None:
    """A panel, invitations by mail, the statement signed, the whole panel assigned from a seed."""
    organizer, panels = journey.person(cast.people["organizer"]), f"/manage/{CODE}/stages/1/panels/"
    organizer.send(panels, {"name": "评审组"})
    page = f"{panels}{session.scalars(select(Panel.id)).one()}/"
    for judge in cast.judges:
        organizer.send(page, {"name": judge.name, "email": judge.email}, form="seats")
    organizer.send(page, {}, form="invitations")
    links = {m.email: link_in(sent_text(m, journey.mail)) for m in mails(session) if m.template == "judging/invitation"}
    for judge in cast.judges:
        person = journey.person(judge)
        person.go("/desk/")
        assert TITLES[0] not in person.text()
        person.send(links[judge.email], {"statement": "y", "has_conflict": "no"}, form="acceptance")
    organizer.send(page, {"seed": "2026-03-20"}, form="plans")
    organizer.send(f"{page}plans/{session.scalars(select(AssignmentPlan.id)).one()}", {}, form="application")


def judge_all(journey: Journey, cast: Cast, session: Session) -> None:
    """Every judge scores every entry and signs; nobody else sees a mark before the stage is sealed."""
    for number, user in enumerate(cast.judges):
        judge = journey.person(user)
        for title, totals in zip(TITLES, TOTALS, strict=True):
            score(judge, session, title, Decimal(totals.split()[number]))
        seat_id = session.scalars(select(Seat.id).where(Seat.email == user.email)).one()
        sign_off = f"/desk/seats/{seat_id}/sign-off"
        sheets = [str(box["value"]) for box in judge.go(sign_off).select("input[name=sheets]")]
        judge.send(sign_off, {"sheets": sheets, "password": "not the password"}, expect=422)
        judge.send(sign_off, {"sheets": sheets, "password": PASSWORD})
    organizer = journey.person(cast.people["organizer"])
    for page in (f"/manage/{CODE}/progress/", f"/manage/{CODE}/entries/", f"/manage/{CODE}/results/"):
        organizer.go(page)
        assert "88.33" not in organizer.text()


def release(journey: Journey, cast: Cast, session: Session) -> ResultRun:
    """One person computes and proposes, another releases; the same person is refused."""
    organizer, host = journey.person(cast.people["organizer"]), journey.person(cast.people["host"])
    organizer.send(f"/manage/{CODE}/progress/", {}, form="sealing")
    results = f"/manage/{CODE}/results/"
    organizer.send(results, {}, form="compute")
    run = session.scalars(select(ResultRun)).one()
    host.send(f"{results}{run.id}", {}, form="propose")
    host.go(f"{results}{run.id}")
    assert host.client.post(f"{results}{run.id}/release").status_code in {403, 409, 422}
    second = make_user(session, "second host", email="second-host@office.example")
    grant(session, second, Role.HOST, organization=cast.office)
    session.commit()
    journey.person(second).send(f"{results}{run.id}", {}, form="release")
    session.expire_all()
    assert run.state == "released"
    return run


def test_a_contest_from_preset_to_talent_record(journey: Journey, cast: Cast, session: Session) -> None:
    publish_from_preset(journey, cast)
    open_fast_track(journey, cast, session)
    call = session.scalars(select(Call)).one()
    check_stage, roadshow = session.scalars(select(Stage).order_by(Stage.position)).all()
    entries = [enter(journey.person(user), call, title, session) for user, title in zip(cast.teams, TITLES, strict=False)]
    session.expire_all()
    assert [entry.state for entry in entries] == ["submitted"] * 6
    leader, organizer = journey.person(cast.teams[0]), journey.person(cast.people["organizer"])
    leader.go(f"/my/entries/{entries[0].code}/receipts/1")
    version = session.scalars(select(EntryVersion).where(EntryVersion.entry_id == entries[0].id)).one()
    assert version.receipt_code in leader.text().replace(" ", "")
    journey.person(cast.teams[1]).go(f"/my/entries/{entries[0].code}", expect=404)

    journey.until(check_stage.opens_at + timedelta(hours=1))
    check_all(organizer, entries, session)
    journey.until(roadshow.opens_at - timedelta(hours=20))
    seat_judges(journey, cast, session)
    journey.until(roadshow.opens_at + timedelta(minutes=5))
    organizer.send(f"/manage/{CODE}/progress/", {}, form="opening")
    judge_all(journey, cast, session)
    leader.go(f"/my/entries/{entries[0].code}/result", expect=404)
    run = release(journey, cast, session)

    standings = session.execute(select(Standing.rank, Standing.score, Entry.title).join(Entry).order_by(Standing.position)).all()
    expected = [(1, "88.50", TITLES[1]), (2, "88.33", TITLES[0]), (3, "85.00", TITLES[3]), (4, "85.00", TITLES[2]), (5, "80.00", TITLES[4])]
    assert [tuple(row) for row in standings][:5] == expected
    organizer.go(f"/manage/{CODE}/results/{run.id}")
    assert "426 对 425" in organizer.text()
    leader.go(f"/my/entries/{entries[0].code}/result")
    assert "88.33" in leader.text()

    put_on_notice(journey, cast, run, session)
    certify(journey, organizer, session)
    select_winner(journey, cast, session)


def put_on_notice(journey: Journey, cast: Cast, run: ResultRun, session: Session) -> None:
    """Five working days, the first counted; the public page names how to object and carries no phone of anybody."""
    organizer, host = journey.person(cast.people["organizer"]), journey.person(cast.people["host"])
    organizer.send(f"/manage/{CODE}/notices/new?run={run.id}", {})
    notice = session.scalars(select(Notice)).one()
    host.send(f"/manage/{CODE}/notices/{notice.id}", {}, form="publish")
    session.expire_all()
    days = [day for day in (notice.starts_on + timedelta(days=n) for n in range(10)) if day.weekday() < 5]
    assert notice.ends_on == days[4]
    stranger = journey.stranger()
    stranger.go(f"/notices/{notice.number}")
    for words in ("88.33", "演示电话", "演示纪检电话", TITLES[0]):
        assert words in stranger.text()


def certify(journey: Journey, organizer: Visitor, session: Session) -> None:
    """A certificate verifies until it is revoked."""
    organizer.send(f"/manage/{CODE}/certificates/", {}, form="issue/zh_CN")
    certificate = session.scalars(select(Certificate).order_by(Certificate.id)).first()
    assert certificate is not None
    code = session.get_one(VerificationCode, certificate.code_id).code
    stranger = journey.stranger()
    stranger.go(f"/verify/{code}")
    assert certificate.number in stranger.text()
    stranger.go("/verify/NOTACODE2345", expect=404)
    organizer.send(f"/manage/{CODE}/certificates/", {"reason": "姓名有误"}, form=f"{certificate.id}/revoke")
    stranger.go(f"/verify/{code}")
    assert certificate.number in stranger.text()
    assert "姓名有误" not in stranger.text()


def test_a_step_with_weight_asks_an_old_session_who_is_there(journey: Journey, cast: Cast, session: Session) -> None:
    """Publishing from a session whose last proof is older than five minutes leads to the question first and changes nothing."""
    opens = journey.moment + timedelta(days=3)
    organizer, host = journey.person(cast.people["organizer"]), journey.person(cast.people["host"])
    organizer.send("/manage/new", {
        "preset": "leg", "title": "春季专题赛", "code": CODE, "host": str(cast.office.id), "organizer": str(cast.office.id),
        "opens_at": clock.local(opens).strftime("%Y-%m-%dT%H:%M"),
    })  # fmt: skip
    organizer.press(f"/manage/{CODE}/", "request-publication")
    host.go(f"/manage/{CODE}/")
    journey.later(minutes=6)
    answer = host.client.post(f"/manage/{CODE}/publish")
    session.expire_all()
    assert answer.location.startswith("/my/confirm")
    assert session.scalars(select(Edition.state)).one() == "in_approval"
