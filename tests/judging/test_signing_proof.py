"""Signing wants a proof of its own: the second factor where there is one, or where the setting demands it; else the password."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User, UserSession
from app.accounts.operations.passwords import put_password
from app.core import clock
from app.core.authz import SYSTEM
from app.judging.models import ScoreSheet
from app.settings.operations.settings import change_setting
from tests.factories.judging import Scene, make_scene
from tests.support.client import Client, html

from .test_desk import open_now, send

PASSWORD = "correct horse battery staple"


@pytest.fixture
def scene(client: Client, session: Session) -> Scene:
    """A judge with a complete sheet, signed in."""
    made = open_now(session, make_scene(session))
    put_password(session, user=made.judges[0], password=PASSWORD, now=clock.now())
    session.commit()
    send(client.sign_in(made.judges[0]), made)
    return made


def page(scene: Scene) -> str:
    return f"/desk/seats/{scene.seats[0].id}/sign-off"


def sign(client: Client, scene: Scene, **more: str) -> str:
    answer = client.post(page(scene), data={"sheets": f"{scene.assignment().id}:1", **more})
    return answer.location or str(answer.status_code)


def signatures(session: Session) -> list[bool]:
    session.expire_all()
    return [sheet.signature is not None for sheet in session.scalars(select(ScoreSheet))]


def has_factor(session: Session, user: User) -> None:
    user.second_factor_since = clock.now()
    session.commit()


def test_a_judge_with_a_second_factor_signs_after_it_and_not_with_the_password(client: Client, session: Session, scene: Scene) -> None:
    has_factor(session, scene.judges[0])
    live = session.scalars(select(UserSession).where(UserSession.user_id == scene.judges[0].id)).one()
    live.second_factor_at = clock.now() - timedelta(minutes=6)
    session.commit()
    assert client.get(page(scene)).location == f"/my/confirm?next={page(scene)}"
    assert sign(client, scene, password=PASSWORD).startswith("/my/confirm")
    assert signatures(session) == [False]
    live.second_factor_at = clock.now()
    session.commit()
    assert html(client.get(page(scene))).select("input[type=password]") == []
    assert sign(client, scene) == page(scene)
    assert signatures(session) == [True]


def test_where_it_is_demanded_a_judge_without_one_is_led_to_set_it_up(client: Client, session: Session, scene: Scene) -> None:
    change_setting(session, key="sign_off_second_factor", value=True, actor=SYSTEM, now=clock.now())
    session.commit()
    assert client.get(page(scene)).location == "/my/security/second-factor/"
    assert sign(client, scene, password=PASSWORD) == "/my/security/second-factor/"
    assert signatures(session) == [False]
    has_factor(session, scene.judges[0])
    assert sign(client, scene) == page(scene)
    assert signatures(session) == [True]


def test_where_it_is_not_demanded_the_password_is_enough(client: Client, session: Session, scene: Scene) -> None:
    assert sign(client, scene) == "422"
    assert signatures(session) == [False]
    assert sign(client, scene, password=PASSWORD) == page(scene)
    assert signatures(session) == [True]
