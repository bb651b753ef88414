"""The unit of work: all or nothing, no nesting, no commit without a verdict, and what runs after it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core import authz, clock, web
from app.core.authz import deny
from app.core.db import db
from app.core.errors import Forbidden
from app.core.uow import after_commit, atomic
from app.settings.models import Setting

WHEN = datetime(2026, 3, 16, tzinfo=UTC)
LATER = WHEN + timedelta(minutes=1)


def put(session: Session, key: str) -> None:
    session.add(Setting(key=key, value=1, changed_at=WHEN))


def test_an_error_inside_leaves_nothing(session: Session) -> None:
    with pytest.raises(ZeroDivisionError), atomic() as inside:
        put(inside, "a")
        inside.flush()
        1 / 0  # noqa: B018 -- any error
    assert session.get(Setting, "a") is None


def test_units_do_not_nest(session: Session) -> None:
    with pytest.raises(RuntimeError, match="nest"), atomic(), atomic():
        pass


def test_what_waits_for_the_commit_runs_after_it_and_not_after_a_failure(session: Session) -> None:
    seen: list[str] = []
    with atomic() as inside:
        put(inside, "a")
        after_commit(inside, seen.append, "kept")
        assert seen == []
    with pytest.raises(ZeroDivisionError), atomic() as inside:
        after_commit(inside, seen.append, "lost")
        1 / 0  # noqa: B018 -- any error
    assert seen == ["kept"]


def test_a_request_that_asked_for_no_verdict_cannot_commit(app: Flask, session: Session) -> None:
    with app.test_request_context("/"), pytest.raises(RuntimeError, match="authorize"), atomic() as inside:
        put(inside, "a")
    assert db.session.get(Setting, "a") is None


def test_a_refusal_carries_its_reason(app: Flask) -> None:
    with app.test_request_context("/"), pytest.raises(Forbidden) as refused:
        authz.authorize(deny("because"))
    assert refused.value.reason == "because"


def test_a_transaction_reads_the_clock_after_it_has_begun(app: Flask, session: Session) -> None:
    """A request whose head came before a deadline and whose body came after it is late."""
    try:
        with app.test_request_context("/"):
            authz.note_public()
            clock.read_from(lambda: WHEN)
            assert web.now() == WHEN
            clock.read_from(lambda: LATER)
            assert web.now() == WHEN
            with atomic():
                assert web.now() == LATER
    finally:
        clock.read_from(None)
