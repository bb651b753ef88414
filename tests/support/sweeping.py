"""Walks all of the site as its users do, and sends to every address and form what nobody should send."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from itertools import count
from traceback import extract_tb
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from bs4 import BeautifulSoup, Tag
from flask import Flask
from sqlalchemy import Connection, event, func, select
from werkzeug.exceptions import HTTPException

from app.core.db import db
from app.tables import metadata

from .client import Client
from .visitor import filled

HUGE = "9" * 20
WORDS = (
    "", "a\x00b", "长" * 30_000, "<script>alert(1)</script>'\"", "=1+1|cmd", "1e400", "９９", "-1", "NaN", "Infinity", "0.1.2", "１２.５",
    "🦄\u202eevil\u202c", HUGE, "no-such-choice", "9999-99-99", "0000-00-00T00:00", "9999-12-31T23:59", "0001-01-01", "[]", "{{7*7}}",
    "99999999", "0", "²", "a\ud800b".encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "1_000", " ", "\r\n", "../../etc/passwd",
)  # fmt: skip
IN_QUERY = tuple(word[:10_000] for word in WORDS)
IN_PATH = ("%00", HUGE, "-1", "9" * 200, "%F0%9F%A6%84", "%FF%FE", "x" * 2000, "０", "..", "%E2%80%AE", "1e9", "0")
#: Names that lists read from their address; pages add the names in their links and search forms.
ASKED = (
    "page", "sort", "q", "state", "status", "stage", "run", "version", "file", "code", "area", "program", "ids", "kind", "who",
    "what",
    "subject", "id", "since", "until", "next", "call", "track", "group", "judge", "cols", "_scheme", "_external",
    "endpoint", "view", "past", "repeat", "download", "seat",
)  # fmt: skip
QUIET = ("/language/", "/my/sign-out", "/my/role", "/healthz", "/readyz")


@dataclass
class Form:
    """A form as one user found it."""

    user: str
    action: str
    data: dict[str, Any]
    names: list[str]
    files: list[str]


@dataclass
class Sweep:
    """What was found on the way, and what went wrong."""

    app: Flask
    connection: Connection
    clients: dict[str, Client]
    pages: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))  # endpoint -> path -> user who may see it
    asked: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # endpoint -> names in its addresses
    forms: dict[str, dict[str, Form]] = field(default_factory=lambda: defaultdict(dict))
    crashes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    requests: int = 0

    def __post_init__(self) -> None:
        event.listen(self.connection, "before_cursor_execute", _refuse_nul)

    def endpoint(self, path: str, method: str) -> str | None:
        try:
            return str(self.app.url_map.bind("localhost").match(urlsplit(path).path, method)[0])
        except HTTPException:
            return None

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Whatever is stored within is gone afterwards."""
        db.release()
        point = self.connection.begin_nested()
        try:
            yield
        finally:
            db.release()
            if point.is_active:
                point.rollback()

    def send(self, user: str, path: str, what: str, **sent: Any) -> tuple[int, str]:
        with self.undone():
            return self.answer(user, path, what, **sent)

    def answer(self, user: str, path: str, what: str, **sent: Any) -> tuple[int, str]:
        """The answer's status and text; a crash is noted under its endpoint and kind."""
        self.requests += 1
        method = "POST" if "data" in sent else "GET"
        try:
            answer = self.clients[user].open(path, method=method, **sent)
            text, status = answer.get_data(as_text=True) if answer.mimetype == "text/html" else "", answer.status_code
            answer.close()
        except Exception as error:  # noqa: BLE001 -- every kind counts: that is what is looked for
            steps = [step for step in extract_tb(error.__traceback__) if "/app/" in step.filename]
            place = f"{steps[-1].filename.split('/app/')[-1]}:{steps[-1].lineno}" if steps else ""
            self.note(path, method, f"{type(error).__name__} at {place}: {str(error)[:120]}", user, what)
            return 599, ""
        if status >= 500:
            self.note(path, method, f"status {status}", user, what)
        return status, text

    def note(self, path: str, method: str, fault: str, user: str, what: str) -> None:
        self.crashes[f"{method} {self.endpoint(path, method)}: {fault}"].add(f"{path[:120]} as {user} with {what[:120]!r}")

    def report(self) -> str:
        return "\n".join(f"{fault}\n    {min(cases)} ({len(cases)} cases)" for fault, cases in sorted(self.crashes.items()))

    def explore(self, user: str, starts: tuple[str, ...], samples: int = 3) -> None:
        """Follow the links and note the forms, a few addresses for each view."""
        waiting, seen = list(starts), set(starts)
        mine: dict[str, int] = defaultdict(int)
        while waiting:
            path = waiting.pop(0)
            endpoint = self.endpoint(path, "GET")
            if endpoint is None or path.startswith(QUIET) or mine[endpoint] >= samples:
                continue
            mine[endpoint] += 1
            status, text = self.send(user, path, "")
            if status != 200:
                continue
            self.pages[endpoint].setdefault(path, user)
            tree = BeautifulSoup(text, "html.parser")
            for link in tree.select("a[href]"):
                target = str(link["href"]).split("#")[0]
                bare, _, query = target.partition("?")
                self.asked[self.endpoint(bare, "GET") or ""].update(dict(parse_qsl(query)))
                if target.startswith("/") and target not in seen:
                    seen.add(target)
                    waiting.append(target)
            for form in tree.select("form"):
                self._note_form(user, path, form)

    def _note_form(self, user: str, path: str, form: Tag) -> None:
        names = list(dict.fromkeys(str(f["name"]) for f in form.select("[name]")))
        if str(form.get("method", "get")).lower() == "get":
            self.asked[self.endpoint(path, "GET") or ""].update(names)
            return
        action = str(form.get("action") or path)
        endpoint = self.endpoint(action, "POST")
        if endpoint is None or action.startswith(QUIET):
            return
        for button in form.select("button[formaction]"):
            self.forms[self.endpoint(str(button["formaction"]), "POST") or ""].setdefault(
                ",".join(names), Form(user, str(button["formaction"]), filled(form, {}, None), names, [])
            )
        files = [str(f["name"]) for f in form.select("input[type=file]")]
        self.forms[endpoint].setdefault(",".join(names), Form(user, action, filled(form, {}, None), names, files))

    def ask(self, samples: int = 1) -> None:
        """Every address with hostile words in its query, all names at once and one word for each, and in its path."""
        turn = count()
        for endpoint, pages in sorted(self.pages.items()):
            for path, user in list(pages.items())[:samples]:
                bare = path.partition("?")[0]
                names = sorted({*self.asked[endpoint], *ASKED})
                for _ in range(4):
                    word = IN_QUERY[next(turn) % len(IN_QUERY)]
                    self.send(user, bare, word, query_string=dict.fromkeys(names, word))
                for name in sorted(self.asked[endpoint]):
                    word = IN_QUERY[next(turn) % len(IN_QUERY)]
                    self.send(user, bare, f"{name}={word}", query_string=[(name, word), (name, "x")])
                for broken in self.broken(bare, turn):
                    self.send(user, broken, "its path")

    def broken(self, path: str, turn: Iterator[int]) -> Iterator[str]:
        """The path with each of its variable parts replaced."""
        _, values = self.app.url_map.bind("localhost").match(path)
        parts = path.split("/")
        for place, part in enumerate(parts):
            if part.partition(".")[0] in {str(value) for value in values.values()}:
                yield from (
                    "/".join([*parts[:place], word, *parts[place + 1 :]]) for word in ("%00", HUGE, IN_PATH[next(turn) % len(IN_PATH)])
                )

    def fill_in(self) -> list[str]:
        """Every form with hostile words, in all fields at once and in one field of a proper form; what refusals left."""
        turn, left = count(), []
        for _, forms in sorted(self.forms.items()):
            for form in forms.values():
                sent: list[dict[str, Any]] = [
                    dict.fromkeys(form.names, word) for word in ("", "a\x00b", HUGE, WORDS[next(turn) % len(WORDS)])
                ]
                for name in form.names:
                    odd = (["1", HUGE, "\x00"], *WORDS)
                    sent.append({**form.data, name: odd[next(turn) % len(odd)]})
                sent += [{**form.data, name: (BytesIO(b"\x00PK\x03\x04<html>"), "a\u202eb.pdf")} for name in form.files or form.names[:1]]
                for data in sent:
                    left += self.post(form.user, form.action, data)
        return left

    def post(self, user: str, path: str, data: dict[str, Any]) -> list[str]:
        """Send a form; what a refused one stored, in words."""
        before = after = rows(self.connection)
        with self.undone():
            status, _ = self.answer(user, path, repr(data), data=data, content_type="multipart/form-data")
            if 400 <= status < 500:
                after = rows(self.connection)
        return [f"POST {path} as {user}: {status}, yet {sorted(set(after) ^ set(before))}"] if after != before else []


def _refuse_nul(connection: Any, cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
    """What PostgreSQL would refuse, SQLite refuses here too."""
    values = [parameters] if isinstance(parameters, dict) or not parameters or isinstance(parameters[0], str | int) else parameters
    for value in (
        v for row in values if row for v in (row.values() if isinstance(row, dict) else row if isinstance(row, tuple) else [row])
    ):
        if isinstance(value, str) and ("\x00" in value or "\\u0000" in value):
            raise ValueError(f"NUL in the parameters of {statement[:60]}")


COUNTED = ("entries", "entry_versions", "entry_files", "entry_members", "editions", "calls", "stages", "panels", "seats", "assignments",
           "marks", "sheet_saves", "result_runs", "awards", "certificates", "notices", "selection_records", "programs", "tiers", "users",
           "organizations", "role_grants", "form_versions", "announcements", "approvals", "saved_views", "calendar_days")  # fmt: skip


def rows(connection: Connection) -> list[tuple[str, int]]:
    """How many rows the main tables hold."""
    counts = [select(func.count()).select_from(metadata.tables[name]).scalar_subquery() for name in COUNTED]
    return list(zip(COUNTED, connection.execute(select(*counts)).one(), strict=True))
