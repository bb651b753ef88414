"""Deliberately broken builds, to prove that the harness notices. Never served to anybody.

`early` answers a save before its commit; `twice` forgets that a repeated request is the same request; `late` knows no deadline;
`believing` takes every clock for right; `crowded` counts no places.
"""

from __future__ import annotations

import importlib
import io
import queue
import secrets
import threading
from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


class AnswersBeforeCommit:
    """Says that a form was saved, and saves it a moment later: whoever is killed in between loses it."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application
        self.waiting: queue.Queue[WSGIEnvironment] = queue.Queue(maxsize=3)
        threading.Thread(target=self.save_later, daemon=True).start()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST" or "sign-in" in environ["PATH_INFO"]:
            return self.application(environ, start_response)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.waiting.put(with_body(environ, body))
        start_response("303 See Other", [("Location", environ["PATH_INFO"]), ("Content-Length", "0")])
        return [b""]

    def save_later(self) -> None:
        while True:
            environ = self.waiting.get()
            b"".join(self.application(environ, lambda *_arguments: lambda data: None))


def with_body(environ: WSGIEnvironment, body: bytes) -> WSGIEnvironment:
    """The same request with its body read into memory."""
    return {**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}


def forgetful(application: WSGIApplication) -> WSGIApplication:
    """The product with a save that knows neither the key of a repeated request nor the version that the judge saw."""
    sheets = importlib.import_module("app.judging.operations.sheets")
    careful = sheets.write_sheet

    def careless(session: Any, *, work: Any, key: str, revision: int, **rest: Any) -> Any:
        current = work.sheet.revision if work.sheet is not None else revision
        forgotten = work._replace(same=None, last=None)
        return careful(session, work=forgotten, key=secrets.token_hex(16), revision=current, **rest)

    sheets.write_sheet = careless
    return application


def unhurried(application: WSGIApplication) -> WSGIApplication:
    """The product with saves that do not ask whether their time is over."""
    sheets = importlib.import_module("app.judging.operations.sheets")
    careful = sheets.check_scoring

    def careless(*arguments: Any) -> None:
        with suppress(sheets.StageClosed):
            careful(*arguments)

    sheets.check_scoring = careless
    return application


def believing(application: WSGIApplication) -> WSGIApplication:
    """The product with a guard that never doubts the clock."""
    importlib.import_module("app.core.timeguard").guard.fault = lambda: None
    return application


def uncounted(application: WSGIApplication) -> WSGIApplication:
    """The product that neither counts what is left nor asks the database to."""
    drafts, handing_in, teams = (importlib.import_module(f"app.entries.operations.{name}") for name in ("drafts", "handing_in", "teams"))
    drafts.leads_one = teams.leads_one = lambda *_: False
    handing_in._check_quota = lambda *_: None
    teams.count_of = lambda *_: 0
    engine = importlib.import_module("app.core.db").db.engine
    on = "" if engine.dialect.name == "sqlite" else " ON entries"
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        for statement in (f"DROP TRIGGER IF EXISTS entries_within_quota{on}", "DROP INDEX IF EXISTS uq_entries_only_one"):
            connection.exec_driver_sql(statement)
        for index in ("uq_entry_members_leader", "uq_seats_chair"):
            connection.exec_driver_sql(f"DROP INDEX IF EXISTS {index}")
    return application


BUILDS = {
    "crowded": uncounted,
    "early": AnswersBeforeCommit,
    "twice": forgetful,
    "late": unhurried,
    "believing": believing,
}


def __getattr__(name: str) -> Any:
    if name not in BUILDS:
        raise AttributeError(name)
    return BUILDS[name](importlib.import_module("wsgi").app)
