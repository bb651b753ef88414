"""Alembic, driven by the application: upgrade, check, and whether something is pending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from app.core.later import later
from config import ROOT

from .core.db import db

if TYPE_CHECKING:
    import alembic.config as settings
    from alembic import command, migration, script
else:
    command = later("alembic.command")
    settings = later("alembic.config")
    migration = later("alembic.migration")
    script = later("alembic.script")


def alembic_config() -> settings.Config:
    config = settings.Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


def upgrade(revision: str = "head") -> None:
    command.upgrade(alembic_config(), revision)


def downgrade(revision: str) -> None:
    command.downgrade(alembic_config(), revision)


def make_revision(slug: str, number: str) -> None:
    command.revision(alembic_config(), message=slug, rev_id=number, autogenerate=True)


def check() -> None:
    """Raise when models and schema differ."""
    command.check(alembic_config())


def current() -> str | None:
    if db.engine is None:
        raise RuntimeError("the database is not open")
    with db.engine.connect() as connection:
        return revision_of(connection)


def revision_of(connection: Connection) -> str | None:
    """The revision at which the connection's database is."""
    return migration.MigrationContext.configure(connection).get_current_revision()


def pending() -> bool:
    """Whether the database is behind the code."""
    return current() != newest()


def newest() -> str | None:
    """The revision that the code expects."""
    return script.ScriptDirectory.from_config(alembic_config()).get_current_head()


def knows(revision: str) -> bool:
    """Whether the code can bring a database of this revision up to date; not one of a newer version."""
    return any(known.revision == revision for known in script.ScriptDirectory.from_config(alembic_config()).walk_revisions())
