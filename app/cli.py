"""Commands over all features: the database. Features bring their own in their ``cli`` modules."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from . import migrating
from .demo.cli import groups as demo_groups
from .demo.cli import load_command

database = AppGroup("db", help="Migrations of the database.")


@database.command("upgrade")
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the database to the newest (or the named) revision; data is kept."""
    migrating.upgrade(revision)
    click.echo(f"database at revision {migrating.current()}")


@database.command("downgrade")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Go back to the named revision."""
    migrating.downgrade(revision)


@database.command("check")
def check() -> None:
    """Fail when models and schema differ."""
    migrating.check()


@database.command("revision")
@click.argument("number")
@click.argument("slug")
def revision(number: str, slug: str) -> None:
    """Write a new migration NUMBER_SLUG from the difference between models and database."""
    migrating.make_revision(slug, number)


@click.command("prepare")
@click.option("--demo", is_flag=True, help="Load the demonstration when the database is empty, and print its accounts.")
@click.pass_context
def prepare(context: click.Context, demo: bool) -> None:
    """What `make run` does before serving: migrate, and load the demonstration on the first start."""
    if migrating.pending():
        migrating.upgrade()
        click.echo(f"database at revision {migrating.current()}")
    if demo:
        context.invoke(load_command, if_empty=True)


groups = (*demo_groups, database, prepare)
