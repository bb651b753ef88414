"""Sensitive fields: encrypted, masked, revealed one by one with a reason that is kept."""

from __future__ import annotations

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.accounts.models import Profile
from app.accounts.rules.identifiers import CreditCode, IdKind, credit_code, id_check, id_fault, phone_fault
from app.accounts.rules.masking import mask_bank, mask_email, mask_id, mask_phone
from app.accounts.rules.names import sort_key
from app.audit.models import JournalEvent, Reading
from tests.factories.accounts import make_user
from tests.support.client import words

ID = "11010519491231002X"
TODAY = date(2026, 3, 16)


def test_a_number_is_stored_encrypted_and_shown_masked(client: FlaskClient, session: Session) -> None:
    user = make_user(session)
    client.sign_in(user)
    assert client.post("/my/profile/sensitive/id_number", data={"value": "110105 19491231 002x", "id_kind": "resident"}).status_code == 303
    page = client.get("/my/profile/")
    assert "1101**********002X" in words(page)
    assert ID not in page.text
    profile = session.get_one(Profile, user.id)
    assert profile.born_on == date(1949, 12, 31)
    stored = session.execute(text("SELECT id_number FROM profiles")).scalar_one()
    assert ID.encode() not in bytes(stored)


def test_revealing_needs_a_reason_which_is_kept_and_shows_one_field(client: FlaskClient, session: Session) -> None:
    user = make_user(session)
    client.sign_in(user)
    client.post("/my/profile/sensitive/id_number", data={"value": ID, "id_kind": "resident"})
    client.post("/my/profile/sensitive/phone", data={"value": "138 0013 8000"})
    assert client.post("/my/profile/reveal", data={"field": "phone", "reason": " "}).status_code == 303
    page = client.post("/my/profile/reveal", data={"field": "phone", "reason": "check for a typing error"})
    assert "13800138000" in page.text
    assert ID not in page.text
    facts = session.scalars(select(JournalEvent.payload).where(JournalEvent.name == "accounts.sensitive_field_revealed")).all()
    assert facts == [f'{{"field":"phone","reason":"check for a typing error","user_id":{user.id}}}']
    assert session.execute(select(Reading.subject, Reading.subject_id, Reading.detail)).all() == [("profile", user.id, {"field": "phone"})]


def test_no_number_reaches_the_journal(client: FlaskClient, session: Session) -> None:
    client.sign_in(make_user(session))
    client.post("/my/profile/sensitive/id_number", data={"value": ID, "id_kind": "resident"})
    assert [payload for payload in session.scalars(select(JournalEvent.payload)) if ID[:10] in (payload or "")] == []


def test_an_empty_value_erases(client: FlaskClient, session: Session) -> None:
    user = make_user(session)
    client.sign_in(user)
    client.post("/my/profile/sensitive/phone", data={"value": "13800138000"})
    client.post("/my/profile/sensitive/phone", data={"value": ""})
    profile = session.get_one(Profile, user.id)
    assert (profile.phone, profile.phone_fingerprint) == (None, None)


def test_odd_fields_and_numbers_are_refused(client: FlaskClient, session: Session) -> None:
    client.sign_in(make_user(session))
    assert client.get("/my/profile/sensitive/password_hash").status_code == 404
    assert client.post("/my/profile/reveal", data={"field": "password_hash", "reason": "curious"}).status_code == 404
    for value in ("110105194912310021", "11010519491331002X", "x" * 5000, "1\x00", "=1+1"):
        assert client.post("/my/profile/sensitive/id_number", data={"value": value, "id_kind": "resident"}).status_code == 422
    assert client.post("/my/profile/sensitive/id_number", data={"value": ID, "id_kind": "library card"}).status_code == 422
    assert session.scalars(select(Profile.id_number)).all() == []


def test_the_profile_keeps_what_was_typed_when_it_is_refused(client: FlaskClient, session: Session) -> None:
    user = make_user(session, "Name before")
    client.sign_in(user)
    page = client.post("/my/profile/", data={"name": "y" * 200, "locale": "en", "unit": "A unit & more"})
    assert page.status_code == 422
    assert "A unit &amp; more" in page.text
    session.refresh(user)
    assert user.name == "Name before"
    assert client.post("/my/profile/", data={"name": "<b>高小梅</b>", "locale": "en", "unit": ""}).status_code == 303
    assert "&lt;b&gt;高小梅" in client.get("/my/profile/").text


@pytest.mark.parametrize(("number", "kind", "right"), [
    (ID, IdKind.RESIDENT, True), ("440308199901101512", IdKind.RESIDENT, True), ("440308199901101513", IdKind.RESIDENT, False),
    ("11010519491231002", IdKind.RESIDENT, False), ("11010520990101002X", IdKind.RESIDENT, False), ("E12345678", IdKind.PASSPORT, True),
    ("E1", IdKind.PASSPORT, False), (ID, IdKind.RESIDENCE_PERMIT, False),
])  # fmt: skip
def test_document_numbers_are_checked(number: str, kind: IdKind, right: bool) -> None:
    assert (id_fault(kind, number, today=TODAY) is None) == right


def test_residence_permits_of_hong_kong_macao_and_taiwan_are_accepted() -> None:
    for prefix in ("810000", "820000", "830000"):
        digits = f"{prefix}19900101123"
        assert id_fault(IdKind.RESIDENCE_PERMIT, digits + id_check(digits), today=TODAY) is None
        assert id_fault(IdKind.RESIDENT, digits + id_check(digits), today=TODAY) is not None


@pytest.mark.parametrize(("code", "verdict"), [
    ("91350100M000100Y43", CreditCode.RIGHT), ("91120222MA06DG3067", CreditCode.RIGHT), ("91350100M000100Y4A", CreditCode.ODD_CHECK),
    ("91310115MA1H8R7C6D", CreditCode.ODD_CHECK), ("91310115MA1H8R7C6I", CreditCode.MALFORMED), ("9131", CreditCode.MALFORMED),
])  # fmt: skip
def test_credit_codes_are_right_odd_or_malformed(code: str, verdict: CreditCode) -> None:
    assert credit_code(code) == verdict


def test_phone_numbers() -> None:
    assert [phone_fault(number) is None for number in ("13800138000", "12800138000", "1380013800", "+4915112345678", "+8613800138000")] == [
        True, False, False, True, False,
    ]  # fmt: skip


def test_masks() -> None:
    assert (mask_id(ID), mask_phone("13800138000"), mask_bank("6222020000001234"), mask_email("zhao@example.org")) == (
        "1101**********002X", "138****8000", "************1234", "z***@example.org",
    )  # fmt: skip
    assert (mask_id("E12345678"), mask_phone("123"), mask_bank("12")) == ("E1*****78", "***", "**")


def test_names_are_ordered_by_pinyin_with_the_readings_of_surnames() -> None:
    names = ["曾一", "单一", "仇一", "安一", "Zoe", "尉迟一"]
    assert sorted(names, key=sort_key) == ["安一", "仇一", "单一", "尉迟一", "曾一", "Zoe"]
