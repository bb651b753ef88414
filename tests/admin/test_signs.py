"""Signs of misuse and of a machine in need: one alarm each, told by mail, closed with a reason, and not raised again for the same."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.accounts.events import AccessRefused, SignInRefused
from app.accounts.models import User
from app.accounts.operations.sessions import note_refusal
from app.admin.jobs import look_around
from app.admin.queries import troubles
from app.admin.queries.watching import Sign, signs
from app.audit.enums import AlarmKind, DeliveryState
from app.audit.models import Alarm, Delivery, JournalEvent
from app.audit.operations import note_reading, record, verify
from app.audit.operations.alarms import close_alarm
from app.backup.events import BackupMade
from app.core import clock, timeguard
from app.core.authz import SYSTEM
from app.core.display import moment
from app.judging.events import EntryOpenedByJudge
from app.settings.operations.settings import change_settings
from tests.conftest import NOW
from tests.factories.accounts import acting, grant, make_user
from tests.factories.entries import make_entry
from tests.support.client import words
from tests.support.mailbox import mails

HOUR = timedelta(hours=1)


@pytest.fixture
def admin(session: Session) -> Iterator[User]:
    """Two of everything in an hour is too much; the clock stands."""
    admin = make_user(session)
    grant(session, admin, Role.SYSTEM_ADMIN)
    limits = {"alarm_sign_ins": 3, "alarm_denials": 3, "alarm_reads": 5, "alarm_sign_ins_site": 10}
    change_settings(session, values=limits, actor=acting(session, admin), now=NOW)
    session.commit()
    clock.read_from(lambda: NOW)
    yield admin
    clock.read_from(None)


def found(session: Session, now: datetime = NOW, *, var: Path = Path("/"), backups: Path | None = None) -> list[tuple[str, str]]:
    return [(sign.kind.value, sign.key) for sign in told(session, now, var=var, backups=backups) if sign.kind != AlarmKind.DISK]


def told(session: Session, now: datetime = NOW, *, var: Path = Path("/"), backups: Path | None = None) -> list[Sign]:
    return signs(session, now=now, var=var, backups=backups)


def refuse(session: Session, user: User | None, times: int, at: datetime = NOW) -> None:
    for _ in range(times):
        record(session, SignInRefused(user.id if user else None, "password"), actor=SYSTEM, now=at)


def test_nothing_is_said_of_an_ordinary_hour(session: Session, admin: User) -> None:
    refuse(session, admin, 2)
    refuse(session, admin, 5, at=NOW - 1.1 * HOUR)
    assert found(session) == []


def test_guessing_at_one_account_and_at_many(session: Session, admin: User) -> None:
    refuse(session, admin, 3)
    assert found(session) == [("sign_ins", f"user:{admin.id}")]
    refuse(session, None, 7)
    assert found(session) == [("sign_ins", f"user:{admin.id}"), ("sign_ins", "site")]


def test_somebody_who_tries_the_doors(session: Session, admin: User, client: FlaskClient) -> None:
    curious, other = make_user(session), make_user(session)
    client.sign_in(curious)
    for _ in range(3):
        assert client.get("/admin/users/").status_code == 403
    note_refusal(session, page="/x", actor=acting(session, other), now=NOW)
    assert session.scalars(select(JournalEvent.actor_id).where(JournalEvent.name == AccessRefused.name)).all().count(curious.id) == 3
    assert found(session, clock.now()) == [("denials", f"user:{curious.id}")]


def test_somebody_who_guesses_at_what_is_hidden(session: Session, admin: User, client: FlaskClient) -> None:
    """A thing of others and no thing at all answer 404 and count alike; a mistyped address that no page has does not count."""
    theirs = make_entry(session)
    session.commit()
    curious, lost = make_user(session), make_user(session)
    client.sign_in(lost)
    assert [client.get("/no/such/page").status_code for _ in range(4)] == [404] * 4
    client.sign_in(curious)
    assert [client.get(f"/my/entries/{code}").status_code for code in (theirs.code, "ABCDEFGHIJKL")] == [404] * 2
    assert found(session, clock.now()) == []
    assert client.get(f"/manage/{theirs.call.edition.code}/").status_code == 404
    assert found(session, clock.now()) == [("denials", f"user:{curious.id}")]


def test_a_judge_who_leafs_through_everything_in_a_minute(session: Session, admin: User) -> None:
    fast, slow = make_user(session), make_user(session)
    for number in range(5):
        for judge, at in ((fast, NOW + timedelta(seconds=number)), (slow, NOW + timedelta(minutes=number))):
            if number % 2:
                record(session, EntryOpenedByJudge(number, 1, number), actor=acting(session, judge), now=at)
            else:
                note_reading(session, subject="entry_file", subject_id=number, actor=acting(session, judge), now=at)
    session.flush()
    later = NOW + timedelta(minutes=6)
    assert found(session, later) == [("reads", f"user:{fast.id}")]
    assert [sign.detail for sign in told(session, later) if sign.kind == AlarmKind.READS] == ["count=5"]


def test_a_disk_that_fills_up(session: Session, admin: User, tmp_path: Path) -> None:
    assert AlarmKind.DISK not in {sign.kind for sign in told(session, var=tmp_path)} or _percent(tmp_path) < 10
    limit = min(90, _percent(tmp_path) + 1)
    change_settings(session, values={"alarm_disk_percent": limit}, actor=acting(session, admin), now=NOW)
    assert (AlarmKind.DISK in {sign.kind for sign in told(session, var=tmp_path)}) is (_percent(tmp_path) < limit)


def _percent(path: Path) -> int:
    usage = os.statvfs(path)
    return usage.f_bavail * 100 // usage.f_blocks


def test_an_old_backup_where_the_folder_is_known(session: Session, admin: User, tmp_path: Path) -> None:
    assert found(session) == [], "no folder is named: nothing is known of backups"
    assert found(session, backups=tmp_path / "missing") == [("backup", "site")]
    (tmp_path / "night.db").touch()
    made = datetime.fromtimestamp((tmp_path / "night.db").stat().st_mtime, UTC)
    assert found(session, made + 25 * HOUR, backups=tmp_path) == []
    assert found(session, made + 27 * HOUR, backups=tmp_path) == [("backup", "site")]


def test_an_unfinished_backup_counts_as_none(session: Session, admin: User, tmp_path: Path) -> None:
    (tmp_path / ".jiebang-20260316T020000Z.backup.partial").touch()
    assert found(session, backups=tmp_path) == [("backup", "site")]


def test_a_backup_of_our_own_is_looked_at_without_any_folder(session: Session, admin: User) -> None:
    record(session, BackupMade("jiebang-1.backup", NOW, 1000, 3, 0), actor=SYSTEM, now=NOW)
    assert found(session, NOW + 26 * HOUR) == []
    assert found(session, NOW + 27 * HOUR) == [("backup", "site")]


def test_a_delivery_that_has_given_up(session: Session, admin: User) -> None:
    event = session.scalars(select(JournalEvent.id)).first()
    session.add(Delivery(event_id=event, subscriber="tests", state=DeliveryState.DEAD, due_at=NOW, attempts=9))
    session.flush()
    assert found(session) == [("dead_letters", "site")]
    session.execute(update(Delivery).values(state=DeliveryState.PENDING))


def test_one_alarm_one_mail_and_a_note_at_the_end(client: FlaskClient, session: Session, admin: User) -> None:
    guessed = make_user(session)
    refuse(session, guessed, 3)
    session.commit()
    for _ in range(3):
        look_around()
    (alarm,) = session.scalars(select(Alarm).where(Alarm.kind == AlarmKind.SIGN_INS)).all()
    assert [m.email for m in mails(session) if m.rests_on == f"alarm:{alarm.id}"] == [admin.email]
    client.sign_in(admin)
    page = words(client.get("/admin/alarms/"))
    assert (f"登录被拒：{guessed.name} 一小时内有 3 次登录被拒。" in page, "待处理" in page, "进行中" in page) == (True, True, False)
    client.post(f"/admin/alarms/{alarm.id}/close", data={"reason": "the judge had forgotten the password"})
    session.refresh(alarm)
    assert (alarm.closed_by_id, alarm.reason) == (admin.id, "the judge had forgotten the password")
    look_around()
    assert len(session.scalars(select(Alarm).where(Alarm.kind == AlarmKind.SIGN_INS)).all()) == 1, "the same attempts are not told again"
    refuse(session, guessed, 3, at=NOW + timedelta(minutes=5))
    session.commit()
    clock.read_from(lambda: NOW + timedelta(minutes=6))
    look_around()
    assert len(session.scalars(select(Alarm).where(Alarm.kind == AlarmKind.SIGN_INS)).all()) == 2


@pytest.mark.parametrize(
    ("kind", "detail", "chinese", "english"),
    [
        ("dead_letters", "mails=1 deliveries=0", "1 封邮件发送失败，0 项投递已放弃。",
         "1 mail could not be sent, 0 deliveries were given up."),
        ("backup", "newest=none", "备份目录中没有文件。", "There is no file in the folder for backups."),
        ("backup", "newest=2026-03-01T16:30+00:00", "备份目录中最新的文件生成于 2026年3月2日 00:30 北京时间。",
         "The newest file in the folder for backups is of 2 Mar 2026, 00:30 Beijing time."),
        ("disk", "percent=4 megabytes=812", "磁盘剩余 4%（812 MB）。", "4 % of the disk are free (812 MB)."),
        ("sign_ins", "count=12", "一小时内有 12 次登录被拒。", "12 sign-ins were refused within an hour."),
        ("denials", "count=1", "一小时内有 1 次页面访问被拒。", "1 page was refused within an hour."),
        ("reads", "count=80", "一分钟内打开了 80 个项目或文件。", "80 entries or files were opened within one minute."),
        ("chain", "edition:3, fact 7: the row was altered", "自第 7 条起：该条记录被改动。", "From fact 7 on: the fact was altered."),
        ("chain", "the chain is shorter than its checkpoint of 9 facts", "检查点载有 9 条，现有记录少于此数",
         "its checkpoint tells of 9 facts, it is shorter"),
        ("invariant", "1/2; 3/4", "1/2; 3/4", "1/2; 3/4"),
        ("disk", "4 % / 812 MB", "4 % / 812 MB", "4 % / 812 MB"),
    ],
)  # fmt: skip
def test_an_alarm_is_told_as_a_sentence(app: Flask, kind: str, detail: str, chinese: str, english: str) -> None:
    with app.test_request_context():
        assert troubles.told(kind, detail) == chinese
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert troubles.told(kind, detail) == english


def test_the_clock_s_fault_is_told_with_both_times(app: Flask) -> None:
    fault = timeguard.ClockFault(timedelta(hours=-1), NOW, NOW - HOUR)
    with app.test_request_context():
        assert troubles.told("clock", timeguard.words(fault)) == f"显示为 {moment(NOW - HOUR)}，应为 {moment(NOW)}。"


@pytest.mark.parametrize(
    ("seq", "prev", "said"), [(3, "a" * 64, "缺少第 2 条"), (2, "c" * 64, "该条记录与前一条不衔接"), (2, "a" * 64, "该条记录被改动")]
)
def test_what_a_walk_finds_is_told_in_chinese(app: Flask, seq: int, prev: str, said: str) -> None:
    walk = verify.Walk(seq=1, hash="a" * 64)
    row = SimpleNamespace(
        seq=seq, prev=prev, hash="b" * 64, name="n", at=NOW, actor_id=None, actor_role=None, subject="s", subject_id=None, commit="c",
        payload=None, salt=None,
    )  # fmt: skip
    walk.step("platform", row)
    assert walk.broken_at is not None
    with app.test_request_context():
        assert troubles.break_in_words(walk.reason) == said


def test_what_was_closed_about_the_machine_rests_for_a_day(session: Session, admin: User, tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    assert current_app.extensions["jiebang"].backups is None
    (sign,) = [each for each in told(session, backups=missing) if each.kind == AlarmKind.BACKUP]
    alarm = Alarm(kind=sign.kind, key=sign.key, detail=sign.detail, raised_at=NOW)
    session.add(alarm)
    session.flush()
    close_alarm(session, alarm=alarm, reason="a disk is on its way", actor=acting(session, admin), now=NOW)
    assert found(session, NOW + 23 * HOUR, backups=missing) == []
    assert found(session, NOW + 25 * HOUR, backups=missing) == [("backup", "site")]
