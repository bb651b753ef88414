"""The journal in words: what is stored as a code is read as a word, and a chain has the name of its edition."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.accounts.events import LinkIssued
from app.admin.queries.journal import lines
from app.admin.queries.wording import VOCABULARIES, word_of
from app.audit.models import JournalEvent
from app.audit.operations import record
from app.judging.events import JudgeRecused
from tests.conftest import NOW
from tests.factories.accounts import acting, grant, make_user
from tests.factories.entries import make_edition, make_submitted
from tests.support.client import html, words


def test_every_vocabulary_has_words_for_all_its_members(app: Flask) -> None:
    codes = [(feature, key, member.value) for (feature, key), kinds in VOCABULARIES.items() for kind in kinds for member in kind]
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert [code for code in codes if word_of(f"{code[0]}.thing_done", *code[1:]) == code[2]] == []


def test_codes_are_read_as_words_and_peoples_own_words_stay(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert word_of("audit.checkpoint_made", "occasion", "calls.edition_published") == "Edition published"
        assert word_of("talent.check_decided", "result", "pass") == "Met"
        assert word_of("settings.setting_changed", "key", "mail_paused") == "Hold all mail back"
        assert word_of("calls.edition_created", "preset", "leg") != "leg"
        assert word_of("entries.entry_rejected", "remark", "pass") == "pass"


def test_the_page_shows_the_words(app: Flask, session: Session) -> None:
    judge = acting(session, make_user(session))
    record(session, JudgeRecused(1, make_edition(session).id, 2, "same_unit"), actor=judge, now=NOW)
    record(session, LinkIssued(1, "reset_password"), actor=judge, now=NOW)
    rows = session.scalars(select(JournalEvent).where(JournalEvent.name.in_(["judging.judge_recused", "accounts.link_issued"]))).all()
    with app.test_request_context(headers={"Accept-Language": "en"}):
        shown = " ".join(f"{line.reason} {line.details}" for line in lines(session, rows))
    assert ("same_unit" in shown, "reset_password" in shown) == (False, False)
    assert ("the same organization" in shown, "to choose a new password" in shown) == (True, True)


def test_chains_are_listed_under_the_titles_of_their_editions(client: FlaskClient, session: Session) -> None:
    edition = make_submitted(session).call.edition
    auditor = make_user(session)
    grant(session, auditor, Role.AUDITOR)
    client.sign_in(auditor)
    for page in ("/admin/", "/admin/journal/"):
        assert f"edition:{edition.id}" not in words(client.get(page))
        assert edition.title in words(client.get(page))
    options = {
        str(option["value"]): option.get_text() for option in html(client.get("/admin/journal/")).select("select[name=chain] option")
    }
    assert options[f"edition:{edition.id}"] == edition.title
