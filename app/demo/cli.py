"""``flask demo load``."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup

from app.core import clock
from app.core.later import later

if TYPE_CHECKING:
    from . import loading, world
else:
    loading = later("app.demo.loading")
    world = later("app.demo.world")

demo = AppGroup("demo", help="The demonstration: an invented district.")


@demo.command("load")
@click.option("--if-empty", is_flag=True, help="Do nothing, instead of failing, when there is data already.")
def load_command(if_empty: bool) -> None:
    """Load the demonstration into an empty database."""
    if if_empty and not loading.is_empty():
        if loading.is_loaded():
            print_accounts()
        else:
            click.echo("data is there already; the demonstration was not loaded")
        return
    began = time.monotonic()
    loading.load(clock.now(), lambda title: click.echo(f"  {time.monotonic() - began:5.1f} s  {title}"))
    print_accounts()


@demo.command("accounts")
def accounts_command() -> None:
    """Print the demonstration's accounts."""
    print_accounts()


def print_accounts() -> None:
    click.echo(f"demo accounts, all with the password {world.PASSWORD}:")
    for account, name, role, _ in world.STAFF:
        click.echo(f"  {account}@{world.DOMAIN:<14} {role:<16} {name}")
    for account, kind in (("judge", "judge"), ("team", "team"), ("student1", "team")):
        click.echo(f"  {account}@{world.DOMAIN:<14} {kind}")


groups = (demo,)
