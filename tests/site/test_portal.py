"""The list and the contest's page, as a visitor sees them."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.calls.presets import PRESETS
from app.core import clock
from tests.factories.calls import make_edition, make_published
from tests.support.client import html, words
from tests.support.counting import counted_statements


def test_only_published_contests_are_listed(client: FlaskClient, session: Session):
    make_edition(session, title="Hidden draft")
    make_published(session, title="Visible contest", opens_at=clock.now())
    page = words(client.get("/"))
    assert "Visible contest" in page
    assert "Hidden draft" not in page


def test_the_list_takes_the_same_statements_for_one_and_three(client: FlaskClient, session: Session):
    make_published(session)
    session.commit()
    client.get("/")
    with counted_statements() as one:
        client.get("/")
    for _ in range(2):
        make_published(session)
    session.commit()
    with counted_statements() as three:
        client.get("/")
    assert len(one) == len(three)
    assert len(three) <= 4


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_a_contest_page_says_everything_in_a_few_statements(client: FlaskClient, session: Session, preset: str):
    edition = make_published(session, preset, opens_at=clock.now())
    session.commit()
    session.expire_all()
    with counted_statements() as seen:
        answer = client.get(f"/contests/{edition.code}")
    assert answer.status_code == 200
    assert len(seen) <= 10, "\n".join(seen)
    assert html(answer).find("h1").get_text(strip=True) == edition.title
    assert client.get(f"/contests/{edition.code}/rules").status_code == 200


def test_a_draft_has_no_page(client: FlaskClient, session: Session):
    edition = make_edition(session)
    session.commit()
    missing = client.get("/contests/no-such-contest")
    hidden = client.get(f"/contests/{edition.code}")
    assert (missing.status_code, hidden.status_code) == (404, 404)


def test_a_visitor_who_has_the_page_gets_304(client: FlaskClient, session: Session):
    edition = make_published(session, opens_at=clock.now())
    session.commit()
    first = client.get(f"/contests/{edition.code}")
    again = client.get(f"/contests/{edition.code}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    edition.title = "Renamed"
    session.commit()
    assert client.get(f"/contests/{edition.code}", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
