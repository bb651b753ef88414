"""Runs migrations on the application's own engine; types are written as plain SQLAlchemy ones."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import Connection, TypeDecorator

from app.core.db import db, make_engine
from app.tables import metadata
from config import load_config


def render_item(kind: str, item: Any, autogen: Any) -> str | bool:
    """Our column types as what they are to the database, so that a migration imports nothing of the application."""
    if kind == "type" and isinstance(item, TypeDecorator) and type(item).__name__ == "ExactNumeric":
        return f"sa.Numeric({item.precision}, {item.scale}).with_variant(sa.BigInteger(), 'sqlite')"  # type: ignore[attr-defined]
    if kind == "type" and isinstance(item, TypeDecorator):
        return "sa.DateTime(timezone=True)" if type(item).__name__ == "UTCDateTime" else "sa.Text()"
    return False


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection, target_metadata=metadata, render_item=render_item, render_as_batch=True,
        compare_type=False, compare_server_default=False, transaction_per_migration=True,
    )  # fmt: skip
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:  # a batch rebuild drops the old table; with keys on, that would delete the children
        set_keys(connection, "OFF")
    with context.begin_transaction():
        context.run_migrations()
    if is_sqlite:
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        connection.commit()
        if broken:
            raise RuntimeError(f"foreign keys are broken after the migration: {broken[:5]}")
        set_keys(connection, "ON")


def set_keys(connection: Connection, word: str) -> None:
    """Straight to the driver: within a transaction, which our own execute would begin, SQLite ignores this pragma without a word."""
    connection.commit()
    driver: Any = connection.connection.dbapi_connection
    driver.execute(f"PRAGMA foreign_keys={word}")


engine = db.engine or make_engine(load_config().database_url)
with engine.connect() as live:
    migrate(live)
