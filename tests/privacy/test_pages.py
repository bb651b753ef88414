"""The pages about personal data, walked as the person, two administrators and somebody who may not."""

from __future__ import annotations

import hashlib

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.accounts.models import User
from app.accounts.operations.users import request_account, sign_up
from app.accounts.rules.notice import PARAGRAPHS, VERSION
from app.core import clock
from app.core.uow import atomic
from app.privacy.enums import ErasureState
from app.privacy.models import ErasureRequest
from tests.factories.accounts import grant, make_user
from tests.support.client import html, words
from tests.support.mailbox import link_in, mails, sent_text

from . import canary

#: The digest of each version's text. A changed text needs a new version: who agreed to the old one did not agree to it.
TEXTS = {"2026-11": "e6448145bee45997"}


def admin(session: Session) -> User:
    user = make_user(session)
    grant(session, user, Role.SYSTEM_ADMIN)
    session.commit()
    return user


def test_from_the_request_to_the_empty_account(app, session: Session) -> None:
    scene, first, second = canary.make_scene(session), admin(session), admin(session)
    person, one, two = (app.test_client().sign_in(user) for user in (scene.person, first, second))
    shown = words(person.get("/my/data/"))
    assert "仅属本人的项目 2" in shown
    assert person.post("/my/data/erasure", data={"reason": "出国"}).status_code == 303
    request = session.scalars(select(ErasureRequest)).one()
    page = f"/admin/erasures/{request.id}"
    assert canary.NAME in words(one.get("/admin/erasures/"))
    assert "日志中提及本人的记录" in words(one.get(page))
    one.post(f"{page}/propose")
    assert html(one.get(page)).select(f"form[action='{page}/erase']") == []
    one.post(f"{page}/erase")
    assert session.get_one(User, scene.person.id).email == canary.EMAIL
    assert len(html(two.get(page)).select(f"form[action='{page}/erase']")) == 1
    two.post(f"{page}/erase")
    session.expire_all()
    assert request.state is ErasureState.DONE
    assert session.get_one(User, scene.person.id).name == "〔已删除〕"
    assert person.get("/my/data/").status_code in {302, 303}
    assert "〔已删除〕" in words(two.get(page))


def test_the_person_takes_the_request_back(client, session: Session) -> None:
    person = make_user(session)
    session.commit()
    client.sign_in(person)
    client.post("/my/data/erasure", data={"reason": "x"})
    assert "已收到" in words(client.get("/my/data/"))
    client.post("/my/data/erasure/withdraw")
    assert session.scalars(select(ErasureRequest.state)).all() == [ErasureState.WITHDRAWN]


def test_a_letter_is_entered_by_an_administrator_and_an_unknown_address_told(client, session: Session) -> None:
    person = make_user(session)
    client.sign_in(admin(session))
    client.post("/admin/erasures/", data={"email": "nobody@example.org", "reason": "letter"})
    assert "没有使用该邮箱的账号" in words(client.get("/admin/erasures/"))
    client.post("/admin/erasures/", data={"email": person.email, "reason": "letter of 3 March"})
    assert session.scalars(select(ErasureRequest.user_id)).all() == [person.id]


def test_others_see_neither_requests_nor_inventory(client, session: Session) -> None:
    user = make_user(session)
    session.commit()
    client.sign_in(user)
    assert [client.get(path).status_code for path in ("/admin/erasures/", "/admin/erasures/1", "/admin/inventory/")] == [403, 403, 403]


def test_the_inventory_shows_every_table_or_only_personal_ones(client, session: Session) -> None:
    client.sign_in(admin(session))
    everything, personal = html(client.get("/admin/inventory/")), html(client.get("/admin/inventory/?personal=1"))
    tables = [{code.get_text() for code in page.select("tbody code")} for page in (everything, personal)]
    assert {"users", "stages"} <= tables[0]
    assert ("users" in tables[1], "stages" in tables[1]) == (True, False)


def test_the_notice_that_was_accepted_at_sign_up_is_kept_by_version(app, session: Session) -> None:
    with atomic() as writing:
        request_account(writing, email="new@example.org", locale="zh_CN", network="n", now=clock.now())
    secret = link_in(sent_text(mails(session, "new@example.org")[-1], app.extensions["jiebang"].var / "mail")).rsplit("/", 1)[-1]
    user = sign_up(session, secret=secret, name="New", password="a long enough pass phrase", now=(at := clock.now()))
    assert (user.notice_version, user.notice_accepted_at) == (VERSION, at)


def test_the_notice_is_public_and_says_its_version(client, session: Session) -> None:
    shown = words(client.get("/privacy"))
    assert f"版本 {VERSION}" in shown
    assert "加密保存" in shown


def test_a_changed_notice_has_a_new_version(app, session: Session) -> None:
    said = []
    for locale in ("zh_CN", "en"):
        with app.test_request_context(), force_locale(locale):
            said += [f"{heading}\n{text}" for heading, text in PARAGRAPHS]
    assert TEXTS[VERSION] == hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]
