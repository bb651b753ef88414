"""Alembic, driven by the application: upgrade, check, and whether something is pending."""

from __future__ import annotations

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from config import ROOT

from .core.db import db


def alembic_config() -> AlembicConfig:
    config = AlembicConfig()
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
        return MigrationContext.configure(connection).get_current_revision()


def pending() -> bool:
    """Whether the database is behind the code."""
    return current() != ScriptDirectory.from_config(alembic_config()).get_current_head()
