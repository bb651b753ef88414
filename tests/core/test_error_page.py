"""The page that tells of a failure must not fail itself."""

from __future__ import annotations

from flask import Flask, g
from sqlalchemy.orm import Session

from app.errorpages import page
from tests.factories.calls import make_edition


def test_the_error_page_of_an_edition_comes_also_when_its_row_is_out_of_reach(app: Flask, session: Session) -> None:
    edition = make_edition(session)
    session.commit()
    session.expire(edition)
    session.expunge(edition)  # as after an operation whose transaction broke
    with app.test_request_context("/manage/x/certificates/"):
        g.edition, g.request_id = edition, "REF12345"
        body, status = page(500)
    assert (status, "REF12345" in body) == (500, True)
