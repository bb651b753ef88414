"""What a returned entry takes along when it is handed in again."""

from __future__ import annotations

from datetime import timedelta

from app.accounts.models import User
from app.calls.rules import CallRules
from app.core import clock
from app.entries.operations.checking import return_entry
from app.entries.operations.drafts import save_answers
from tests.conftest import NOW
from tests.factories.accounts import acting, make_user
from tests.factories.entries import hand_in, leader_of, make_call, make_entry, make_submitted
from tests.support.client import html, words


def test_what_was_edited_elsewhere_before_the_return_neither_goes_along_nor_stands_in_the_way(session):
    entry = make_submitted(session)
    actor, before = leader_of(session, entry), entry.current_version.content
    save_answers(session, entry=entry, values={"turnover": "99"}, actor=actor, now=NOW)
    entry.call.rules = CallRules(team_min=5)  # as when a member has left since
    due, officer = NOW + timedelta(days=40), acting(session, make_user(session))
    return_entry(session, entry=entry, reason="too short", open_fields=["summary"], due_at=due, actor=officer, now=NOW)
    save_answers(session, entry=entry, values={"summary": "Longer."}, actor=actor, now=NOW)
    after = hand_in(session, entry, now=NOW).content
    assert after == {**before, "answers": {**before["answers"], "summary": "Longer."}}


def test_what_was_sent_back_needs_attention_until_it_is_changed(client, session):
    now = clock.now()
    call = make_call(session, opens_at=now - timedelta(days=2), closes_at=now + timedelta(days=9))
    entry = make_entry(session, call, now=now)
    hand_in(session, entry, now=now)
    officer = acting(session, make_user(session))
    return_entry(session, entry=entry, reason="too short", open_fields=["summary", "basics"], due_at=now + timedelta(days=3), actor=officer,
                 now=now)  # fmt: skip
    session.commit()
    client.sign_in(session.get_one(User, entry.leader_id))
    page = f"/my/entries/{entry.code}"

    def states() -> dict[str, str]:
        tasks = html(client.get(page)).select("li.task")
        return {task.a.get_text(): task.select_one(".badge-state").get_text(strip=True) for task in tasks}

    assert states() == {"项目名称和单位": "需要处理", "About the project": "需要处理", "People": "已完成", "团队和合作单位": "已完成"}
    assert "退回补正的内容中还有 2 项未修改" in words(client.get(page))
    client.post(f"{page}/sections/about", data={"x_summary": "Longer."})
    client.post(f"{page}/basics", data={"title": "A pump that lasts", "unit_name": "Works"})
    assert set(states().values()) == {"已完成"}
    assert "未修改" not in words(client.get(page))


def test_earlier_files_are_linked_only_where_there_are_any(client, session):
    now = clock.now()
    call = make_call(session, opens_at=now - timedelta(days=2), closes_at=now + timedelta(days=9))
    with_file, without = make_entry(session, call, now=now), make_entry(session, call, now=now, with_file=False)
    session.commit()
    for entry, shown in ((with_file, True), (without, False)):
        client.sign_in(session.get_one(User, entry.leader_id))
        section = html(client.get(f"/my/entries/{entry.code}/sections/about"))
        assert (section.select_one(f'a[href="/my/entries/{entry.code}/files/plan"]') is not None) is shown
