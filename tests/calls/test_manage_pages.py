"""The organizer's pages, opened and used."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.accounts.models import Organization, User
from app.calls.enums import EditionState
from app.calls.models import Edition
from app.calls.presets import PRESETS
from app.calls.queries import calls_in, stages_in
from app.core import clock
from tests.factories.accounts import grant, make_organization, make_user
from tests.factories.calls import make_edition, make_published
from tests.support.client import html, words
from tests.support.counting import counted_statements

SECTIONS = (
    "",
    "about",
    "divisions",
    "divisions/axes/tracks",
    "divisions/axes/groups",
    "stages",
    "timeline",
    "dossier",
    "news",
    "staff",
    "approvals",
    "clone",
)


def staff(session: Session, organization: Organization, role: Role) -> User:
    user = make_user(session)
    grant(session, user, role, organization=organization)
    session.commit()
    return user


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_every_section_of_every_preset_opens(client: FlaskClient, session: Session, preset: str):
    edition = make_edition(session, preset)
    client.sign_in(staff(session, edition.host, Role.ORGANIZER))
    pages = [f"/manage/{edition.code}/{section}" for section in SECTIONS]
    for stage in stages_in(session, edition):
        pages += [f"/manage/{edition.code}/stages/{stage.id}", f"/manage/{edition.code}/stages/{stage.id}/dates"]
        pages += [f"/manage/{edition.code}/stages/{stage.id}/rubrics/{group}" for group in stage.rules.rubrics]
    pages.append(f"/manage/{edition.code}/divisions/{calls_in(session, edition)[0].code}")
    for page in ["/manage/", "/manage/new", *pages]:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert html(answer).find("h1") is not None, page


def test_a_stranger_finds_no_such_edition(client: FlaskClient, session: Session):
    edition = make_edition(session)
    client.sign_in(staff(session, make_organization(session), Role.HOST))
    for section in SECTIONS:
        assert client.get(f"/manage/{edition.code}/{section}").status_code == 404, section


def test_an_edition_is_made_from_a_few_fields(client: FlaskClient, session: Session):
    office = make_organization(session)
    client.sign_in(staff(session, office, Role.ORGANIZER))
    values = {
        "preset": "leg",
        "title": "东吴分站赛",
        "code": "dongwu-2026",
        "host": office.id,
        "organizer": office.id,
        "opens_at": "2026-05-06T09:00",
    }
    answer = client.post("/manage/new", data=values)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/manage/dongwu-2026/")
    again = client.post("/manage/new", data=values)
    assert again.status_code == 422
    assert len(session.scalars(select(Edition).where(Edition.code == "dongwu-2026")).all()) == 1


@pytest.mark.parametrize(
    "bad",
    [
        {"code": "A B"},
        {"title": ""},
        {"opens_at": "soon"},
        {"preset": "no"},
        {"host": "999999"},
        {"title": "x\x00y"},
        {"title": "长" * 500},
    ],
)
def test_bad_input_makes_nothing(client: FlaskClient, session: Session, bad: dict[str, str]):
    office = make_organization(session)
    client.sign_in(staff(session, office, Role.ORGANIZER))
    values = {"preset": "leg", "title": "T", "code": "some-code", "host": office.id, "organizer": office.id, "opens_at": "2026-05-06T09:00"}
    assert client.post("/manage/new", data={**values, **bad}).status_code == 422
    assert session.scalars(select(Edition)).all() == []


def test_organizer_asks_and_host_publishes_through_the_pages(client: FlaskClient, session: Session):
    edition = make_edition(session, "venture")
    organizer, host = staff(session, edition.host, Role.ORGANIZER), staff(session, edition.host, Role.HOST)
    client.sign_in(organizer)
    assert client.post(f"/manage/{edition.code}/publish").status_code == 403
    assert client.post(f"/manage/{edition.code}/request-publication").status_code == 303
    client.sign_in(host)
    assert client.post(f"/manage/{edition.code}/publish").status_code == 303
    session.expire_all()
    assert edition.state == EditionState.PUBLISHED
    assert edition.title in words(client.sign_out().get("/"))


def test_the_stage_page_saves_what_it_shows(client: FlaskClient, session: Session):
    """Sending every page's form back unchanged changes nothing."""
    edition = make_edition(session, "venture")
    client.sign_in(staff(session, edition.host, Role.ORGANIZER))
    for stage in stages_in(session, edition):
        before = stage.rules
        paths = [f"/manage/{edition.code}/stages/{stage.id}"]
        paths += [f"/manage/{edition.code}/stages/{stage.id}/rubrics/{group}" for group in stage.rules.rubrics]
        for path in paths:
            answer = client.post(path, data=fields_of(client, path))
            assert answer.status_code == 303, words(answer)
        session.expire_all()
        assert stage.rules == before


def test_the_division_page_saves_what_it_shows(client: FlaskClient, session: Session):
    edition = make_edition(session, "talent")
    client.sign_in(staff(session, edition.host, Role.ORGANIZER))
    for call in calls_in(session, edition):
        before, form = call.rules, call.form_version_id
        path = f"/manage/{edition.code}/divisions/{call.code}"
        assert client.post(path, data=fields_of(client, path)).status_code == 303
        session.expire_all()
        assert (call.rules, call.form_version_id) == (before, form)


def test_a_published_window_changes_only_by_a_second_person(client: FlaskClient, session: Session):
    edition = make_published(session)
    organizer, host = staff(session, edition.host, Role.ORGANIZER), staff(session, edition.host, Role.HOST)
    call = calls_in(session, edition)[0]
    before = call.closes_at
    client.sign_in(organizer)
    window = {"calls": str(call.id), "opens_at": "2026-03-17T10:00", "closes_at": "2099-05-30T17:00"}
    assert client.post(f"/manage/{edition.code}/divisions", data=window).status_code == 422
    assert client.post(f"/manage/{edition.code}/divisions", data={**window, "reason": "系统维护，顺延报名"}).status_code == 303
    session.expire_all()
    assert call.closes_at == before
    client.sign_in(host)
    page = client.get(f"/manage/{edition.code}/approvals")
    decide = next(f["action"] for f in html(page).find_all("form") if f.get("action", "").endswith("/decide"))
    assert client.post(decide, data={"decision": "approve"}).status_code == 303
    session.expire_all()
    assert call.closes_at.isoformat() == "2099-05-30T09:00:00+00:00"
    assert "系统维护，顺延报名" in words(client.sign_out().get(f"/contests/{edition.code}"))


def test_the_list_of_editions_takes_the_same_statements_for_one_and_three(client: FlaskClient, session: Session):
    office = make_organization(session)
    make_edition(session, host=office)
    client.sign_in(staff(session, office, Role.ORGANIZER))
    client.get("/manage/")
    with counted_statements() as one:
        client.get("/manage/")
    for _ in range(2):
        make_edition(session, host=office)
    session.commit()
    with counted_statements() as three:
        page = client.get("/manage/")
    assert len(one) == len(three)
    assert len(html(page).find("tbody").find_all("tr")) == 3


def hosts_offered(client: FlaskClient) -> list[str]:
    return [option.get_text() for option in html(client.get("/manage/new")).find("select", {"name": "host"}).find_all("option")]


def test_the_office_above_that_can_decide_is_offered_as_host(client: FlaskClient, session: Session):
    city = make_organization(session, "City")
    office = make_organization(session, "Talent office", parent=city)
    bureau = make_organization(session, "Science bureau", parent=office)
    make_organization(session, "Neighbour", parent=office)
    client.sign_in(staff(session, bureau, Role.ORGANIZER))
    assert hosts_offered(client) == ["Science bureau"]
    staff(session, office, Role.HOST)
    assert hosts_offered(client) == ["Talent office", "Science bureau"]
    data = {"preset": "leg", "title": "分站赛", "code": "leg-1", "host": office.id, "organizer": bureau.id, "opens_at": "2026-05-04T09:00"}
    assert client.post("/manage/new", data={**data, "host": city.id}).status_code == 422
    assert client.post("/manage/new", data=data).status_code == 303
    assert session.scalars(select(Edition)).one().host == office


def test_the_checklist_says_when_nobody_could_publish(client: FlaskClient, session: Session):
    edition = make_edition(session)
    client.sign_in(staff(session, edition.organizer, Role.ORGANIZER))
    page = f"/manage/{edition.code}/"
    warning = f"Nobody is host, neither here nor at {edition.host.name}"
    assert warning in words(client.get(page, headers={"Accept-Language": "en"}))
    staff(session, edition.host, Role.HOST)
    assert warning not in words(client.get(page, headers={"Accept-Language": "en"}))


def test_a_draft_can_be_discarded_and_its_code_used_again(client: FlaskClient, session: Session):
    edition = make_edition(session, "leg")
    client.sign_in(staff(session, edition.host, Role.ORGANIZER))
    code = edition.code
    assert client.post(f"/manage/{code}/discard", data={"reason": "no"}).status_code == 422
    assert client.post(f"/manage/{code}/discard", data={"reason": "made twice"}).status_code == 303
    session.expire_all()
    assert (edition.state, edition.code) == (EditionState.DISCARDED, f"{code}.{edition.id}")
    assert code not in words(client.get("/manage/"))
    page = client.get(f"/manage/{edition.code}/", headers={"Accept-Language": "en"})
    assert "This edition has been discarded" in words(page)
    assert html(page).find("main").find_all("form") == []
    assert client.sign_out().get(f"/contests/{edition.code}").status_code == 404
    session.expire_all()
    assert make_edition(session, "leg", code=code).code == code


def test_what_was_published_cannot_be_discarded(client: FlaskClient, session: Session):
    edition = make_published(session)
    client.sign_in(staff(session, edition.host, Role.ORGANIZER))
    assert client.post(f"/manage/{edition.code}/discard", data={"reason": "made twice"}).status_code == 422
    session.expire_all()
    assert edition.state == EditionState.PUBLISHED


def fields_of(client: FlaskClient, path: str) -> dict[str, list[str]]:
    """The values a browser would send from the page's form."""
    form = next(f for f in html(client.get(path)).find("main").find_all("form") if f.get("method") == "post")
    values: dict[str, list[str]] = {}
    for item in form.find_all(["input", "select", "textarea"]):
        name, kind = item.get("name"), item.get("type")
        if not name or (kind in ("checkbox", "radio") and item.get("checked") is None) or name == "csrf_token":
            continue
        if item.name == "select":
            chosen = [o.get("value", "") for o in item.find_all("option") if o.get("selected") is not None] or [
                item.find("option").get("value", "")
            ]
            values.setdefault(name, []).extend(chosen)
        else:
            text = item.get_text().removeprefix("\n") if item.name == "textarea" else item.get("value", "y" if kind == "checkbox" else "")
            values.setdefault(name, []).append(text)
    return values


def test_archiving_is_offered_once_the_windows_are_over(client: FlaskClient, session: Session):
    edition = make_published(session)
    user = make_user(session)
    grant(session, user, Role.HOST, organization=edition.host)
    session.commit()
    client.sign_in(user)
    page, form = f"/manage/{edition.code}/", f'main form[action="/manage/{edition.code}/archive"]'
    moment = clock.now()
    for opens, closes, offered in ((1, 2, False), (-2, 1, False), (-2, -1, True)):
        for call in calls_in(session, edition):
            call.opens_at, call.closes_at = moment + timedelta(opens), moment + timedelta(closes)
        session.commit()
        assert bool(html(client.get(page)).select_one(form)) is offered
