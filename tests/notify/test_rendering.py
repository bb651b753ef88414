"""Mails: one language, one frame, and nothing that somebody typed becomes a link to elsewhere."""

from __future__ import annotations

from types import SimpleNamespace

from flask import Flask
from sqlalchemy.orm import Session

from app.notify.rendering import inert, render
from tests.conftest import NOW

CONTEXT = {"link": "http://localhost/invitations/x", "inviter": "林", "role": "主办", "organization": "", "note": "", "expires_at": None}


def test_a_mail_is_in_its_receivers_language_whatever_the_request_speaks(app: Flask, session: Session) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        chinese, english = (render("accounts/known", locale, {"link": "http://localhost/sign-in"}) for locale in ("zh_CN", "en"))
    assert (chinese.subject, english.subject) == ("您已有账号", "You already have an account")


def test_the_frame_says_who_sends_it_and_whom_to_ask(app: Flask, session: Session) -> None:
    text = render("accounts/unknown", "en", {}, site_name="Talent Office", site_contact="0512-0000000").text
    assert text.rstrip().endswith("Questions: 0512-0000000")
    assert "sent by Talent Office" in text


def test_addresses_of_other_sites_are_taken_apart_and_ours_stay(app: Flask, session: Session) -> None:
    evil = "See https://evil.example/login or www.evil.example"
    text = render("accounts/invitation", "en", {**CONTEXT, "inviter": evil, "note": "http://localhost.evil.example/x"}).text
    assert "https://evil" not in text
    assert "www.evil" not in text
    assert "http://localhost.evil" not in text
    assert "http://localhost/invitations/x" in text


def test_what_is_no_text_is_left_alone(app: Flask, session: Session) -> None:
    assert [inert(value) for value in (None, 5, "plain")] == [None, 5, "plain"]


def test_mark_up_in_names_stays_text(app: Flask, session: Session) -> None:
    text = render("accounts/invitation", "en", {**CONTEXT, "inviter": "<b>Lin</b> [x](y)"}).text
    assert "<b>Lin</b> [x](y) invites you" in text


def test_a_mail_calls_things_by_the_name_of_its_receivers_language(app: Flask, session: Session) -> None:
    """``named``: English readers get English names where there are any, and the Chinese ones honestly where there are none."""
    context = {"seat": SimpleNamespace(name="Ada"), "count": 2, "link": "x",
               "edition": SimpleNamespace(title="澄湖杯", title_en="Chenghu Cup", zone="Asia/Shanghai"),
               "stage": SimpleNamespace(name="初赛", name_en="", opens_at=NOW, closes_at=NOW)}  # fmt: skip
    english, chinese = render("judging/assigned", "en", context), render("judging/assigned", "zh_CN", context)
    assert (english.subject, chinese.subject) == ("Entries to score: Chenghu Cup", "待评审项目：澄湖杯")
    assert "“Chenghu Cup”, 初赛" in english.text
