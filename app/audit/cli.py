"""``flask audit`` and ``flask clock``: the journal and the clock from the command line."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app.core import clock
from app.core.authz import SYSTEM
from app.core.db import db
from app.core.timeguard import words
from app.core.uow import atomic

from .operations.alarms import accept_clock, clock_alarm, mind_clock
from .operations.checkpoints import NotACheckpoint, check_note, newest_size, parse_note
from .operations.timekeeping import keep_mark
from .operations.verify import verify_all

audit = AppGroup("audit", help="The journal.")
clocks = AppGroup("clock", help="The clock guard.")


@audit.command("verify")
@click.option("--checkpoint", "files", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A checkpoint that a witness kept; may be given several times.")  # fmt: skip
def verify(files: tuple[Path, ...]) -> None:
    """Walk every chain, and hold it against checkpoints from outside; exit 1 and name what does not fit."""
    reports = verify_all(db.session)
    for report in reports:
        state = "whole" if report.is_whole else f"BROKEN at {report.broken_at}: {report.reason}"
        click.echo(f"{report.chain:<20} {report.length:>8} rows  {report.head[:16]}  {state}")
    fits = [_compare(path) for path in files]
    if not all(fits) or any(not report.is_whole for report in reports):
        sys.exit(1)
    click.echo(f"{len(reports)} chains, all whole")
    if not files:
        click.echo("No checkpoint from outside was given: a chain that was rewritten as a whole would look the same (--checkpoint FILE).")


def _compare(path: Path) -> bool:
    """One checkpoint, told in one line."""
    try:
        note = parse_note(path.read_text(encoding="utf-8", errors="replace"))
    except NotACheckpoint as error:
        click.echo(f"{path.name}: {error}")
        return False
    fault = check_note(db.session, note, current_app.extensions["signer"])
    newer = newest_size(db.session, note.fields["chain"])
    told = fault or f"fits: {note.fields['chain']}, {note.size} facts at {note.fields['time']}"
    click.echo(f"{path.name}: {told}" + (f" (a newer one speaks of {newer} facts)" if not fault and newer > note.size else ""))
    return not fault


@clocks.command("show")
def show() -> None:
    """Say whether the clock is believed; exit 1 when it is not."""
    with atomic() as session:
        found = keep_mark(session)
    click.echo(f"the clock {words(found)}" if found else f"the clock is believed: {clock.now():%Y-%m-%d %H:%M:%S} UTC")
    if found:
        sys.exit(1)


@clocks.command("accept")
@click.argument("reason")
def accept(reason: str) -> None:
    """Take the present time as right from now on, with a REASON that is kept in the journal."""
    with atomic() as session:
        mind_clock(session, now=clock.now())
        alarm = clock_alarm(session)
        if alarm is not None:
            accept_clock(session, alarm=alarm, reason=reason, actor=SYSTEM, now=clock.now())
    click.echo("the present time is accepted" if alarm is not None else "the clock is believed already; nothing to accept")


groups = (audit, clocks)
