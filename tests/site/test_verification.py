"""Codes that strangers type."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.documents.operations import issue_code, revoke_code
from tests.conftest import NOW
from tests.support.client import words

FACTS = {"number": "ZS-2026-000001", "holder": "李明", "edition": "东吴大赛", "edition_en": "Dongwu contest", "secret": "not for strangers"}
ENGLISH = {"Accept-Language": "en"}


def make_code(session: Session) -> str:
    code = issue_code(session, kind="certificate", subject_id=1, facts=FACTS, digest="ab" * 32, now=NOW).code
    session.commit()
    return code


def test_a_valid_code_tells_its_facts_and_nothing_else(client: FlaskClient, session: Session):
    page = words(client.get(f"/verify/{make_code(session)}", headers=ENGLISH))
    assert "This code is valid." in page
    assert "李明" in page
    assert "Dongwu contest" in page
    assert "not for strangers" not in page


def test_a_revoked_code_says_so(client: FlaskClient, session: Session):
    code = make_code(session)
    revoke_code(session, kind="certificate", subject_id=1, reason="姓名有误", now=NOW)
    session.commit()
    page = words(client.get(f"/verify/{code}", headers=ENGLISH))
    assert "It is no longer valid." in page
    assert "This code is valid." not in page


def test_spaces_hyphens_and_small_letters_do_not_matter(client: FlaskClient, session: Session):
    code = make_code(session)
    typed = f"{code[:4].lower()} {code[4:]}"
    answer = client.get("/verify", query_string={"code": typed})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/verify/{code}")


@pytest.mark.parametrize("code", ["NOSUCHCODE", "x" * 500, "%00", "'; drop table users", "验证码", "../../etc/passwd"])
def test_unknown_codes_are_a_plain_no(client: FlaskClient, session: Session, code: str):
    answer = client.get("/verify", query_string={"code": code}, follow_redirects=True)
    assert answer.status_code in (200, 404)
    assert "This code is valid." not in words(answer)
