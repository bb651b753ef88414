"""Rules, calendar, files and news of a contest."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.calls.operations.telling import publish_announcement, withdraw_announcement
from app.calls.queries import stages_in
from app.core import clock
from app.site.calendar import edition_calendar
from app.site.queries import contest_page
from tests.conftest import NOW
from tests.factories.calls import make_published, make_staff
from tests.support.client import html, words

ENGLISH = {"Accept-Language": "en"}


def test_the_calendar_holds_opening_closing_and_stages(client: FlaskClient, session: Session):
    edition = make_published(session, "venture", title="大赛；逗号，和很长很长很长很长很长很长很长很长的名称")
    session.commit()
    text = client.get(f"/contests/{edition.code}/calendar.ics").get_data(as_text=True)
    assert text.count("BEGIN:VEVENT") == 2 + len(stages_in(session, edition))
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert text.endswith("END:VCALENDAR\r\n")


def test_events_are_named_after_the_site_so_that_two_sites_do_not_overwrite_each_other(app: Flask, session: Session):
    edition = make_published(session, "venture", code="spring")
    page = contest_page(session, edition, NOW, NOW.date())
    with app.test_request_context():
        a, b = (edition_calendar(page, f"https://{host}/contests/spring", NOW) for host in ("a.example:8000", "b.example"))
    ours, theirs = ({line for line in text.split("\r\n") if line.startswith("UID:")} for text in (a, b))
    assert {"UID:spring-opens@a.example", "UID:spring-closes@a.example"} <= ours
    assert (len(ours), len(theirs), ours & theirs) == (2 + len(page.stages), 2 + len(page.stages), set())


def test_the_rules_are_a_page_and_a_pdf_in_both_languages(client: FlaskClient, session: Session):
    edition = make_published(session, "campus")
    session.commit()
    assert "Stage 2: Blind online review" in words(client.get(f"/contests/{edition.code}/rules", headers=ENGLISH))
    assert "网络盲审" in words(client.get(f"/contests/{edition.code}/rules"))
    pdf = client.get(f"/contests/{edition.code}/rules.pdf")
    assert (pdf.mimetype, pdf.data[:5]) == ("application/pdf", b"%PDF-")


@pytest.mark.parametrize("version", ["0", "2", "x", "-1", "99999999999999"])
def test_a_version_that_was_never_published_is_not_there(client: FlaskClient, session: Session, version: str):
    edition = make_published(session)
    session.commit()
    answer = client.get(f"/contests/{edition.code}/rules", query_string={"version": version})
    assert answer.status_code == (404 if version == "2" else 200)


def test_what_organizers_write_cannot_be_a_script(client: FlaskClient, session: Session):
    edition = make_published(session)
    actor = make_staff(session, edition.host, Role.ORGANIZER)
    body = "# Title\n\n<script>alert(1)</script> [x](javascript:alert(1)) ![p](http://e/x.png)\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    item = publish_announcement(session, edition=edition, title="<b>News</b>", body=body, title_en="", body_en="", actor=actor, now=NOW)
    session.commit()
    page = client.get(f"/contests/{edition.code}").get_data(as_text=True)
    article = html(client.get(f"/contests/{edition.code}")).find("article")
    assert "<script>alert" not in page
    assert "<b>News</b>" not in page
    assert [tag.name for tag in article.find_all(["script", "img"])] == []
    assert [a.get("href") for a in article.find_all("a")] == []
    withdraw_announcement(session, edition=edition, announcement_id=item.id, actor=actor, now=NOW)
    session.commit()
    assert html(client.get(f"/contests/{edition.code}")).find("article") is None


def test_sharing_shows_title_and_summary(client: FlaskClient, session: Session):
    edition = make_published(session, "talent", opens_at=clock.now())
    session.commit()
    page = html(client.get(f"/contests/{edition.code}"))
    assert page.find("meta", property="og:title")["content"] == edition.title
    assert page.find("meta", property="og:description")["content"] == edition.summary
    assert page.find("link", rel="canonical")["href"].endswith(f"/contests/{edition.code}")


def test_an_open_division_offers_to_enter_and_a_closed_one_does_not(client: FlaskClient, session: Session):
    open_now = make_published(session, opens_at=clock.now() - timedelta(days=1))
    closed = make_published(session, opens_at=clock.now() - timedelta(days=60))
    session.commit()
    link = f"/contests/{open_now.code}/theme/check"
    assert link in [a["href"] for a in html(client.get(f"/contests/{open_now.code}")).find_all("a")]
    assert not [a for a in html(client.get(f"/contests/{closed.code}")).find_all("a") if a["href"].endswith("/check")]
