"""``flask check``, the health table on the command line; ``flask check-invariants``, the rules over the data."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from app.core import clock
from app.core.db import db
from app.notify.rendering import speaking

from .checks import Grade, as_json, run_checks
from .invariants import INVARIANTS, broken_invariants

MARKS = {Grade.OK: ("ok  ", "green"), Grade.WARN: ("warn", "yellow"), Grade.FAIL: ("fail", "red")}


@click.command("check")
@click.option("--json", "is_json", is_flag=True, help="Print the table for a monitoring program.")
@with_appcontext
def check(is_json: bool) -> None:
    """Look at configuration, durability, migrations, storage, mail, clock, fonts; exit 1 when something must be mended."""
    with speaking("en"):
        found = run_checks(current_app.extensions["jiebang"], clock.now())
        if is_json:
            click.echo(as_json(found))
        else:
            for line in found:
                mark, colour = MARKS[line.grade]
                click.echo(f"{click.style(mark, fg=colour)}  {line.topic:<18} {line.found}")
                if line.advice:
                    click.echo(f"{'':<25}→ {line.advice}")
    if any(line.grade == Grade.FAIL for line in found):
        sys.exit(1)


@click.command("check-invariants")
@click.option("--list", "is_listed", is_flag=True, help="Print every rule instead of looking.")
@with_appcontext
def check_invariants(is_listed: bool) -> None:
    """Look for data that break a rule of the house; exit 1 and name the rows when there are any."""
    with speaking("en"):
        if is_listed:
            for each in INVARIANTS:
                click.echo(f"{each.name:<48} {each.sentence}")
            return
        found = broken_invariants(db.session)
        for broken in found:
            click.echo(f"{click.style('broken', fg='red')}  {broken.invariant.name}: {broken.invariant.sentence}\n        {broken.said}")
    click.echo(f"{len(INVARIANTS)} rules, {len(found)} broken")
    if found:
        sys.exit(1)


groups = (check, check_invariants)
