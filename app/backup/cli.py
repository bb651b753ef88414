"""``flask backup``: make, check, restore, and open what was restored."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import Engine

from app.audit.operations.checkpoints import NotACheckpoint, Note, parse_note
from app.audit.operations.verify import verify_all
from app.core import clock
from app.core.authz import SYSTEM
from app.core.db import db
from app.core.resting import rest
from app.core.troubles import Unavailable
from app.core.uow import atomic
from app.files.setup import storage
from app.notify.rendering import speaking
from config import ROOT, ConfigError, backup_key

from .databases import DatabaseFailed
from .operations.checking import check_backup
from .operations.making import Keys, NotMade, make_backup, note_backup, prune
from .operations.opening import Comparison, NotAReceipt, compare, missing_work, open_restoration
from .operations.restoring import NotRestored, Place, Report, Step, restore_backup, verify_restored
from .queries import waiting_restoration
from .sealing import NotSealed

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
REFUSALS = (ConfigError, DatabaseFailed, NotAReceipt, NotACheckpoint, NotMade, NotRestored, NotSealed, OSError, Unavailable)
F = TypeVar("F", bound=Callable[..., Any])

backup = AppGroup("backup", help="Backups of database and files in one sealed file, and the way back.")


def told(command: F) -> F:
    """Say a refusal in one line instead of showing where it arose."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        with speaking("en"):
            try:
                return command(*args, **kwargs)
            except REFUSALS as error:
                raise click.ClickException(str(error)) from error

    return cast(F, run)


@backup.command("make")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="The folder; without it the one of BACKUP_FOLDER.")
@click.option("--keep", type=click.IntRange(min=1), help="Afterwards remove all but so many of the newest backups in the folder.")
@told
def make(folder: Path | None, keep: int | None) -> None:
    """Write everything into one sealed file, while people go on working; exit 2 when stored files were missing."""
    config = current_app.extensions["jiebang"]
    folder = folder or config.backups
    if folder is None:
        raise click.UsageError("name a folder with --to, or by BACKUP_FOLDER")
    rest.require()
    folder.mkdir(parents=True, exist_ok=True)
    db.release()  # a reading transaction would only be in the way
    made = make_backup(_engine(), store=storage(), config=config, keys=_keys(), key=_key(), folder=folder, now=clock.now())
    with atomic() as session:
        note_backup(session, made=made, actor=SYSTEM, now=clock.now())
    put_in = made.manifest.files - len(made.end.missing)
    click.echo(f"{made.path}: {made.bytes / 10**6:.1f} MB, {put_in} files, {made.manifest.engine} at revision {made.manifest.revision}")
    for path in prune(folder, keep) if keep else ():
        click.echo(f"removed {path.name}")
    for name in made.end.missing:
        click.echo(f"missing or altered in the store: {name}", err=True)
    if made.end.missing:
        sys.exit(2)


@backup.command("check")
@click.argument("file", type=FILE)
@told
def check(file: Path) -> None:
    """Read a backup from its first to its last byte and compare every part; nothing is restored."""
    checked = check_backup(file, _key())
    said = checked.manifest
    click.echo(f"whole: {said.origin or 'no address'} at {said.taken_at:%Y-%m-%d %H:%M:%S} UTC, {said.engine} at revision {said.revision}, "
               f"{checked.files} files, {checked.bytes / 10**6:.1f} MB, {len(said.heads)} chains")  # fmt: skip
    for name in checked.end.missing:
        click.echo(f"was missing when the backup was made: {name}")


@backup.command("restore")
@click.argument("file", type=FILE)
@click.option("--into", type=click.Path(path_type=Path), help="An empty folder: SQLite and files in it, whatever the environment names.")
@told
def restore(file: Path, into: Path | None) -> None:
    """Restore into an empty place, verify it, and print a timed table; exit 1 when anything is not as it was.

    The place is what the environment names (JIEBANG_VAR, DATABASE_URL, STORAGE_URL), or the folder of --into. Its keys
    (SECRET_KEY, FIELD_KEY, secrets/signing.pem) are not in the backup: bring them along first.
    """
    if into is not None:
        sys.exit(_restore_into(into, file))
    report = Report(_tell)
    place = Place(_engine(), storage())
    checked = restore_backup(file, _key(), place=place, keys=_keys(), report=report, now=clock.now())
    verify_restored(db.session, checked=checked, store=place.store, report=report)
    verdict = "restored whole" if report.is_well else "restored, but NOT as it was: see the lines with !"
    click.echo(f"{'verdict':<20} {report.seconds:8.1f} s  {verdict}")
    click.echo("It rests: it can be read, and nothing is written or sent, until `flask --app wsgi backup open --checkpoint FILE …`.")
    if not report.is_well:
        sys.exit(1)


@backup.command("open")
@click.option(
    "--checkpoint", "checkpoints", multiple=True, type=FILE, help="The newest checkpoint that a witness kept; several may be given."
)
@click.option("--receipt", "receipts", multiple=True, type=FILE, help="A receipt (.json) newer than the backup; several may be given.")
@click.option("--without-checkpoint", "reason", default="", help="Open without any checkpoint from outside, for this reason.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@told
def open_command(checkpoints: tuple[Path, ...], receipts: tuple[Path, ...], reason: str, yes: bool) -> None:
    """Compare a restored copy with what others keep, name what it lacks, and let it work from now on."""
    restoration = waiting_restoration(db.session)
    if restoration is None:
        raise click.ClickException("this is no restored copy that waits to be opened")
    if not checkpoints and not reason:
        raise click.UsageError("give the newest checkpoints that witnesses kept, or a reason with --without-checkpoint")
    found = _compare([_note(path) for path in checkpoints])
    for path in receipts:
        click.echo(missing_work(db.session, path.read_bytes(), _keys().signer) or f"{path.name}: is here")
    if found.faults:
        raise click.ClickException("not opened: this is not the history that the notes from outside speak of")
    if not yes:
        click.confirm("The installation that this copy replaces must be switched off. Open it?", abort=True)
    with rest.lifted(), atomic() as session:
        open_restoration(session, restoration=restoration, found=found, reason=reason, actor=SYSTEM, now=clock.now())
    click.echo("open: it works from now on, and everybody signs in anew")


def _compare(notes: list[Note]) -> Comparison:
    broken = [each for each in verify_all(db.session) if not each.is_whole]
    if broken:
        raise click.ClickException(f"not opened: {broken[0].chain} is broken at {broken[0].broken_at}: {broken[0].reason}")
    found = compare(db.session, notes, _keys().signer)
    for fault in found.faults:
        click.echo(fault)
    for lost in found.lost:
        click.echo(f"{lost.chain}: facts {lost.first} to {lost.last} are missing ({lost.last - lost.first + 1})")
    if found.unseen:
        click.echo(f"compared with nothing from outside: {', '.join(found.unseen)}")
    return found


def _note(path: Path) -> Note:
    return parse_note(path.read_text(encoding="utf-8", errors="replace"))


def _restore_into(folder: Path, file: Path) -> int:
    """The same command for another place, in a process that knows no other."""
    elsewhere = {"DATABASE_URL", "STORAGE_URL", "REDIS_URL"}
    environment = {name: value for name, value in os.environ.items() if name not in elsewhere}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "backup", "restore", str(file.resolve())]
    return subprocess.run(command, cwd=ROOT, env={**environment, "JIEBANG_VAR": str(folder.resolve())}, check=False).returncode


def _tell(step: Step) -> None:
    click.echo(f"{step.name:<20} {step.seconds:8.1f} s  {'' if step.is_well else '! '}{step.found}")


def _engine() -> Engine:
    if db.engine is None:
        raise RuntimeError("the database is not open")
    return db.engine


def _keys() -> Keys:
    return Keys(current_app.extensions["cipher"], current_app.extensions["signer"])


def _key() -> str:
    return backup_key(current_app.extensions["jiebang"])


groups = (backup,)
