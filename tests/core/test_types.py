"""Columns keep what they are given, exactly, on both engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from app.judging.models import Mark
from app.settings.models import Setting


def test_a_moment_comes_back_in_utc_to_the_microsecond(session: Session) -> None:
    moment = datetime(2026, 3, 16, 18, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    session.add(Setting(key="a", value=1, changed_at=moment))
    session.flush()
    session.expire_all()
    stored = session.get_one(Setting, "a").changed_at
    assert (stored, stored.tzinfo, stored.microsecond) == (moment, UTC, 123456)


def test_a_naive_moment_is_refused(session: Session) -> None:
    session.add(Setting(key="a", value=1, changed_at=datetime(2026, 3, 16)))  # noqa: DTZ001 -- the point of the test
    with pytest.raises(StatementError, match="naive"):
        session.flush()


def test_json_keeps_chinese_readable_and_keys_sorted(session: Session) -> None:
    session.add(Setting(key="a", value={"乙": 1, "甲": [True, None]}, changed_at=datetime(2026, 3, 16, tzinfo=UTC)))
    session.flush()
    session.expire_all()
    assert session.get_one(Setting, "a").value == {"乙": 1, "甲": [True, None]}


@pytest.mark.parametrize("value", [0.5, 87.5])
def test_a_mark_is_never_a_float(session: Session, value: float) -> None:
    session.add(Mark(sheet_id=1, criterion="c", value=value))
    with pytest.raises(StatementError, match="float"):
        session.flush()


def test_a_mark_with_too_many_decimals_is_refused(session: Session) -> None:
    session.add(Mark(sheet_id=1, criterion="c", value=Decimal("1.00001")))
    with pytest.raises(StatementError, match="decimals"):
        session.flush()
