"""The first administrator is made on the command line; there is no default account."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import RoleGrant, User

from .people import PASSWORD, sign_in


def create(app: Flask, *extra: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["user", "create-admin", "--email", "Root@Example.org", "--name", "根", *extra])
    return result.exit_code, result.output


def test_the_first_administrator_can_sign_in(app: Flask, client: FlaskClient, session: Session) -> None:
    assert create(app, "--password", PASSWORD) == (0, "root@example.org is a system administrator now.\n")
    assert [str(role) for role in session.scalars(select(RoleGrant.role))] == ["system_admin"]
    assert sign_in(client, "root@example.org").location == "/my/"


def test_a_weak_password_or_a_taken_address_makes_nobody(app: Flask, session: Session) -> None:
    assert create(app, "--password", "password1234")[0] == 1
    assert session.scalars(select(User)).all() == []
    create(app, "--password", PASSWORD)
    assert create(app, "--password", PASSWORD)[0] == 1


def test_a_fresh_installation_lets_nobody_in(client: FlaskClient, session: Session) -> None:
    for name in ("admin", "root", "administrator", "test", "demo"):
        for password in ("admin", "password", "123456", "changeme"):
            assert sign_in(client, f"{name}@example.org", password).status_code in {422, 429}
