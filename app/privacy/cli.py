"""``flask privacy``: the inventory as a document, who accessed what, erased bytes."""

from __future__ import annotations

import csv
import sys
from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from app.accounts.queries import user_by_email
from app.core.db import db
from app.core.durability import compact
from config import ROOT

from .documents import FILES, inventory_markdown
from .queries.access import accesses

privacy = AppGroup("privacy", help="Personal data.")


@privacy.command("inventory")
@click.option("--write", is_flag=True, help="Write the documents under docs/ instead of printing one.")
@click.option("--locale", type=click.Choice(sorted(FILES)), default="en")
def inventory(write: bool, locale: str) -> None:
    """Print the data inventory, or write it in both languages."""
    if not write:
        click.echo(inventory_markdown(locale), nl=False)
        return
    for language, name in FILES.items():
        (ROOT / name).write_text(inventory_markdown(language), encoding="utf-8")
        click.echo(name)


@privacy.command("access")
@click.option("--since", type=click.DateTime(), required=True, help="From this moment on (UTC).")
@click.option("--until", type=click.DateTime(), required=True, help="Until before this moment (UTC).")
@click.option("--email", default="", help="Only what this person opened and did.")
@click.option("--subject", default="", help="Only things of this kind, for example entry or profile.")
@click.option("--id", "subject_id", type=int, help="Only the thing with this number.")
def access(since: datetime, until: datetime, email: str, subject: str, subject_id: int | None) -> None:
    """Print who opened what and who did what in a window, as CSV: the first question after an incident."""
    person = user_by_email(db.session, email) if email else None
    if email and person is None:
        raise click.ClickException("there is no account with this address")
    out = csv.writer(sys.stdout)
    out.writerow(("at", "user", "name", "what", "subject", "id"))
    for row in accesses(
        db.session, since=since.replace(tzinfo=UTC), until=until.replace(tzinfo=UTC), user_id=person.id if person else None,
        subject=subject, subject_id=subject_id,
    ):  # fmt: skip
        out.writerow((row.at.isoformat(), row.user_id, plain(row.name), row.what, row.subject, row.subject_id))


def plain(text: str) -> str:
    """A name that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text


@privacy.command("compact")
def compact_command() -> None:
    """Write the SQLite file anew at once, so that erased data leave its free pages (the nightly job does it too)."""
    done = db.engine is not None and compact(db.engine)
    click.echo("the database file is written anew" if done else "nothing to do: PostgreSQL's autovacuum reuses the space")


groups = (privacy,)
