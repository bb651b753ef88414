"""Two tenants whose contests are alike in everything but their marks, and sessions of their own to tell them with."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import db

from .crowd import Crowd
from .story import Contest


@pytest.fixture
def telling_session(app: Flask, connection: Connection) -> Iterator[Session]:
    """The story's own session: requests close the one that views share, and the story goes on."""
    with app.app_context(), Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
        yield session
        db.release()
    clock.read_from(None)


@pytest.fixture
def alpha(telling_session: Session) -> Contest:
    return Contest(telling_session, "alpha")


@pytest.fixture
def beta(telling_session: Session) -> Contest:
    return Contest(telling_session, "beta")


@pytest.fixture
def crowd_of(app: Flask, connection: Connection, alpha: Contest, beta: Contest) -> Callable[[], Crowd]:
    """Everybody around ``alpha``, signed in at the moment of asking."""
    return lambda: Crowd(app, connection, alpha, beta)
