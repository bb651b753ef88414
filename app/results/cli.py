"""``flask results verify RUN``: recompute a result from what was stored, and from the database as it is."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from app.core.db import db

from .models import ResultRun
from .queries.verifying import verify_run

results = AppGroup("results", help="Results.")
groups = (results,)


@results.command("verify")
@click.argument("run", type=int)
def verify(run: int) -> None:
    """Recompute RUN twice and compare digests; exit 1 on any difference."""
    row = db.session.get(ResultRun, run)
    if row is None:
        click.echo(f"there is no result run {run}", err=True)
        sys.exit(2)
    report = verify_run(db.session, row)
    click.echo(f"run {row.id}: stage {row.stage_id}, call {row.call_id}, no. {row.number}, {row.state}, engine {row.engine}")
    for name, digest in (("stored", report.stored), ("from inputs", report.from_inputs), ("from database", report.from_database)):
        mark = "" if digest == report.stored else "  DIFFERENT"
        click.echo(f"{name:<14}{digest}{mark}")
    for note in report.notes:
        click.echo(f"note: {note}")
    if not report.is_whole:
        sys.exit(1)
    click.echo("the result follows from its inputs and from the signed sheets")
