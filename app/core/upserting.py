"""Inserts that say what happens when the row is there already; each engine has its own spelling of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_into(session: Session, model: type[Any]) -> Any:
    """``INSERT INTO`` the model's table, with ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
    return (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert(model)
