"""The floor: the least Flask application that reads a session and one row, or makes one durable commit."""

from __future__ import annotations

import os
import secrets

from flask import Flask, Response, abort, render_template_string, request, session
from sqlalchemy import text

from app.core.db import make_engine

ROWS = 600
PAGE = "<!doctype html><title>{{ row.title }}</title><p>{{ row.title }} {{ row.body|length }} ({{ who }})"

app = Flask(__name__)
app.secret_key = secrets.token_bytes(32)
engine = make_engine(os.environ["FLOOR_DATABASE_URL"])


def fill() -> None:
    """Make the one table and its rows."""
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        connection.execute(text("CREATE TABLE IF NOT EXISTS floor (id integer PRIMARY KEY, title text, body text)"))
        connection.execute(text("DELETE FROM floor"))
        rows = [{"id": n, "title": f"Entry {n}", "body": "x" * 600} for n in range(1, ROWS + 1)]
        connection.execute(text("INSERT INTO floor VALUES (:id, :title, :body)"), rows)


fill()


@app.get("/healthz")
def healthz() -> str:
    return "ok"


@app.get("/sign-in")
def sign_in() -> str:
    session["user"] = 7
    return "signed in"


@app.get("/page")
def page() -> str:
    """A page with the session's user and one query."""
    if "user" not in session:
        abort(403)
    with engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM floor WHERE id = :id"), {"id": session["user"]}).one()
    return render_template_string(PAGE, row=row, who=session["user"])


@app.post("/commit")
def commit() -> Response:
    """One durable commit: 600 characters into one row."""
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        values = {"id": session["user"], "body": request.form["body"]}
        connection.execute(text("UPDATE floor SET body = :body WHERE id = :id"), values)
    return Response(status=303, headers={"Location": "/page"})
