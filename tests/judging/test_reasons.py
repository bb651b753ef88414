"""Marks that want reasons: told with the save, on going on, and at the signature; never in the way of saving."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.judging.models import SheetSave
from tests.factories.judging import Scene, make_scene
from tests.judging.test_desk import JSON, MARKS, open_now, send, url
from tests.support.client import Client, html, words

LOW = {**MARKS, "mark-novelty": "5"}


@pytest.fixture
def scene(session: Session) -> Scene:
    return open_now(session, make_scene(session))


def test_the_script_is_told_which_marks_want_reasons_and_not_which_are_missing(client: Client, session: Session, scene: Scene) -> None:
    answer = send(client.sign_in(scene.judges[0]), scene, {**LOW, "mark-team": ""}, headers=JSON)
    assert (answer.status_code, answer.json["reasons"]) == (200, {"novelty": "该项得分 5 偏高或偏低，请说明理由。"})
    given = send(client, scene, {**LOW, "remark-novelty": "没有新意"}, key="r" * 16, version=1, headers=JSON)
    assert given.json["reasons"] == {}


def test_going_on_saves_and_tells_what_is_left_behind(client: Client, session: Session, scene: Scene) -> None:
    answer = send(client.sign_in(scene.judges[0]), scene, {**LOW, "mark-team": "", "then": "next"})
    assert answer.location == url(scene, 1)
    assert f"{scene.entries[0].public_code} 已保存；签署前还有 2 项须补充分数或理由。" in words(client.get(answer.location))
    assert session.scalar(select(func.count(SheetSave.id))) == 1
    kept = html(client.get(url(scene))).select("[data-fault]:not([hidden])")
    assert [line.find_parent("section")["data-item"] for line in kept] == ["novelty", "team"]


def test_a_complete_sheet_is_left_without_a_word(client: Client, session: Session, scene: Scene) -> None:
    answer = send(client.sign_in(scene.judges[0]), scene, {**MARKS, "then": "next"})
    assert "已保存" not in words(client.get(answer.location))
