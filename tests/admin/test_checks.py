"""``flask check``: what is well, what to mind, what to mend."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.admin.checks import Check, Grade, run_checks
from app.audit.operations import record
from app.calls.events import EditionFrozen
from app.core import clock
from app.core.authz import SYSTEM
from app.settings.operations.settings import change_setting
from config import Config
from tests.factories.accounts import grant, make_user


def config(app: Flask, **changes: object) -> Config:
    return replace(app.extensions["jiebang"], **changes)  # type: ignore[arg-type]


def named(checks: list[Check], topic: str) -> list[Grade]:
    return [check.grade for check in checks if check.topic == topic]


def look(app: Flask, **changes: object) -> list[Check]:
    return run_checks(config(app, **changes), clock.now())


def test_a_site_without_administrator_says_how_to_make_one(app: Flask, session: Session) -> None:
    (found,) = [check for check in look(app) if check.topic == "系统管理员"]
    assert found.grade == Grade.FAIL
    assert "user create-admin" in found.advice


def test_two_administrators_and_an_auditor_are_well(app: Flask, session: Session) -> None:
    for role in (Role.SYSTEM_ADMIN, Role.SYSTEM_ADMIN, Role.AUDITOR):
        grant(session, make_user(session), role)
    checks = look(app)
    assert (named(checks, "系统管理员"), named(checks, "安全审计员")) == ([Grade.OK], [])


def test_a_dead_mail_server_is_found(app: Flask, session: Session) -> None:
    assert named(look(app, mail_url="smtp://127.0.0.1:1"), "邮件") == [Grade.FAIL]
    assert named(look(app, mail_url="pigeon://loft"), "邮件") == [Grade.FAIL]
    assert named(look(app), "邮件") == [Grade.OK]


def test_a_journal_ahead_of_the_clock_is_found(app: Flask, session: Session) -> None:
    record(session, EditionFrozen(1, 1, "x"), actor=SYSTEM, now=clock.now() + timedelta(hours=1))
    session.commit()
    assert named(look(app), "时钟") == [Grade.FAIL]


def test_readable_secrets_are_found(app: Flask, session: Session, tmp_path: Path) -> None:
    secret = tmp_path / "secrets" / "field_key"
    secret.parent.mkdir()
    secret.write_text("x")
    secret.chmod(0o644)
    assert named(look(app, var=tmp_path), "密钥") == [Grade.FAIL]
    secret.chmod(0o600)
    assert named(look(app, var=tmp_path), "密钥") == [Grade.OK]


def test_a_check_that_cannot_be_made_is_a_failure_of_its_own(app: Flask, session: Session, tmp_path: Path) -> None:
    checks = look(app, var=tmp_path / "gone")
    assert [check.grade for check in checks if check.topic == "文件存储"][-1] == Grade.FAIL
    assert named(checks, "时钟") == [Grade.OK]


def test_the_command_prints_english_and_tells_by_its_exit_code(app: Flask, session: Session) -> None:
    result = app.test_cli_runner().invoke(args=["check", "--json"])
    topics = {line["topic"]: line["grade"] for line in json.loads(result.output)}
    assert topics["Administrators"] == "fail"
    assert result.exit_code == 1


def test_production_that_demands_no_second_factor_is_warned(app: Flask, session: Session) -> None:
    topic = "双因素认证"
    live = {"env": "production", "base_url": "https://contest.example.gov.cn"}
    (found,) = [check for check in look(app, **live) if check.topic == topic]
    assert (found.grade, found.found.count("、") + found.found.count(", ")) == (Grade.WARN, 4)
    roles = ["system_admin", "host", "organizer", "supervisor"]
    change_setting(session, key="second_factor_roles", value=roles, actor=SYSTEM, now=clock.now())
    assert named(look(app, **live), topic) == [Grade.WARN]
    change_setting(session, key="sign_off_second_factor", value=True, actor=SYSTEM, now=clock.now())
    assert named(look(app, **live), topic) == [Grade.OK]
    assert named(look(app, **{**live, "base_url": "https://10.0.0.5"}), topic) == [Grade.OK, Grade.WARN]
    assert Grade.WARN not in named(look(app), topic)
