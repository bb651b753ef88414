"""The application under test: one schema a run, one transaction a test, rolled back at its end.

``make test-services`` runs the same suite on PostgreSQL, Redis and an S3-compatible store.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

_VAR = Path(tempfile.mkdtemp(prefix="jiebang-test-"))
os.environ.update({"JIEBANG_ENV": "test", "JIEBANG_VAR": str(_VAR), "BASE_URL": "http://localhost"})

from tests.support import services  # noqa: E402

os.environ.update(services.settings())

import pytest  # noqa: E402
from flask import Flask  # noqa: E402
from flask.testing import FlaskClient  # noqa: E402
from sqlalchemy import Connection, Engine  # noqa: E402
from sqlalchemy.orm import Session  # noqa: E402
from sqlalchemy.pool import StaticPool  # noqa: E402

from app.admin.invariants import broken_invariants  # noqa: E402
from app.core.db import db  # noqa: E402
from app.factory import create_app  # noqa: E402
from app.tables import metadata  # noqa: E402
from config import load_config  # noqa: E402
from tests.support.client import Client  # noqa: E402

NOW = datetime(2026, 3, 16, 2, 0, tzinfo=UTC)  # Monday 10:00 in Shanghai


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    url = services.database_url()
    if url:
        db.open(url)
    else:
        db.open("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    assert db.engine is not None
    metadata.drop_all(db.engine) if url else None
    metadata.create_all(db.engine)
    yield db.engine
    if url:
        metadata.drop_all(db.engine)


@pytest.fixture(scope="session")
def app(engine: Engine) -> Flask:
    app = create_app(load_config(), WTF_CSRF_ENABLED=False, KEEP_SESSION=True)
    app.test_client_class = Client
    return app


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        outer = connection.begin()
        db.bind(connection, join_transaction_mode="create_savepoint")
        yield connection
        db.release()
        outer.rollback()


@pytest.fixture
def session(app: Flask, connection: Connection) -> Iterator[Session]:
    """The session that operations get in tests; what a view commits is visible to it, and gone after the test."""
    with app.app_context():
        yield db.session
    db.release()


@pytest.fixture
def client(app: Flask, session: Session, request: pytest.FixtureRequest) -> Iterator[FlaskClient]:
    """A browser without script. After the test every invariant must hold; ``breaks`` marks the tests that break some on purpose."""
    yield app.test_client()
    session.rollback()
    excused = {name for mark in request.node.iter_markers("breaks") for name in mark.args}
    found = [f"{each.invariant.name}: {each.said}" for each in broken_invariants(session) if each.invariant.name not in excused]
    assert found == [], "the test leaves data that break a rule of the house (app/admin/invariants.py)"


@pytest.fixture
def now() -> datetime:
    return NOW
