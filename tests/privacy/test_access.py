"""The question of the day of an incident: who opened what, in a window."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from app.audit.operations import note_reading
from app.privacy.queries.access import accesses
from tests.conftest import NOW
from tests.factories.accounts import acting, make_user

HOUR = timedelta(hours=1)


def test_looks_and_acts_of_the_window_in_order_with_names(session: Session) -> None:
    one, two = make_user(session, "甲"), make_user(session, "乙")
    for minutes, who, number in ((0, one, 7), (30, two, 7), (45, one, 8), (60, one, 7)):
        note_reading(session, subject="entry", subject_id=number, actor=acting(session, who), now=NOW + timedelta(minutes=minutes))
    session.flush()
    window = list(accesses(session, since=NOW, until=NOW + HOUR))
    assert [(row.name, row.what, row.subject_id) for row in window] == [("甲", "opened", 7), ("乙", "opened", 7), ("甲", "opened", 8)]
    assert [row.subject_id for row in accesses(session, since=NOW, until=NOW + HOUR, user_id=one.id)] == [7, 8]
    about = accesses(session, since=NOW, until=NOW + 2 * HOUR, subject="entry", subject_id=7)
    assert [row.name for row in about] == ["甲", "乙", "甲"]


def test_the_command_prints_csv_that_no_spreadsheet_computes(app: Flask, session: Session) -> None:
    user = make_user(session, "=1+1")
    note_reading(session, subject="profile", subject_id=3, actor=acting(session, user), now=NOW)
    session.commit()
    command = ["privacy", "access", "--since", "2026-03-16", "--until", "2026-03-17", "--email", user.email]
    said = app.test_cli_runner().invoke(args=command).output
    assert f"{user.id},'=1+1,opened,profile,3" in said
