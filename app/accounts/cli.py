"""Commands about people: the first administrator is made here and nowhere else."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup

from app.core import clock
from app.core.authz import SYSTEM
from app.core.errors import DomainError
from app.core.later import later
from app.core.uow import atomic

from .enums import Role
from .operations.grants import grant_role
from .operations.users import create_user

if TYPE_CHECKING:
    import email_validator
else:
    email_validator = later("email_validator")

user = AppGroup("user", help="People and their roles.")


@user.command("create-admin")
@click.option("--email", prompt="E-mail address")
@click.option("--name", prompt="Name")
@click.password_option(help="Asked for when left out; never written into the shell's history that way.")
def create_admin(email: str, name: str, password: str) -> None:
    """Make a system administrator. There is no default account and no default password."""
    try:
        address = email_validator.validate_email(email, check_deliverability=False, test_environment=True).normalized
        with atomic() as session:
            made = create_user(session, email=address, name=name.strip(), password=password, confirmed=True, actor=SYSTEM, now=clock.now())
            grant_role(session, user=made, role=Role.SYSTEM_ADMIN, actor=SYSTEM, now=clock.now())
    except (DomainError, email_validator.EmailNotValidError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    click.echo(f"{made.email} is a system administrator now.")


groups = (user,)
