"""Everybody who might come: one browser for each role of the matrix."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from flask import Flask
from sqlalchemy import Connection
from werkzeug.test import TestResponse

from app.accounts.enums import Role
from app.accounts.models import User
from app.core.db import db
from tests.factories.accounts import grant, make_user
from tests.support.writes import written

from .story import Contest

#: In the order of the matrix's columns. Each stands towards one contest: ``foreign`` organizes another one of another office.
ROLES = ("visitor", "stranger", "leader", "viewer", "other leader", "judge", "other judge", "recused", "organizer", "foreign", "host",
         "supervisor", "officer", "admin", "auditor")  # fmt: skip

#: What looking may leave anywhere: that the session lives, and who read what.
TRACES = {"user_sessions", "readings"}
#: A fact in the journal: that somebody was turned away (forbidden, or nothing there for them), and the receipt of a file on these pages.
FACT = {"journal_events", "journal_heads", "deliveries"}
RECEIPTS = {"entries.table.export", "results.manage.marks_csv_file", "results.manage.marks_xlsx", "results.manage.summary_pdf"}
#: Where opening is an act of its own: when a judge first saw an entry is kept and told.
OPENING = {"judging.desk.sheet": FACT | {"seats", "assignments"}}


def visit(app: Flask, user: User, path: str, method: str = "GET", **sent: Any) -> TestResponse:
    """One request of somebody who has just signed in; what it stores stays."""
    try:
        return app.test_client().sign_in(user).open(path, method=method, **sent)  # type: ignore[attr-defined, no-any-return]
    finally:
        db.release()


class Crowd:
    """The browsers, signed in at the present moment of the story."""

    def __init__(self, app: Flask, connection: Connection, contest: Contest, other: Contest) -> None:
        self.app, self.connection = app, connection
        self.changed_by_reading: dict[str, set[str]] = defaultdict(set)
        self.people: dict[str, User] = {role: contest.people[role] for role in ROLES if role in contest.people}
        self.people["foreign"] = other.people["organizer"]
        self._add_people_of_the_site(contest)
        self._signed_in(self.people["leader"])  # an older browser: the session that addresses name is not the one that asks
        self.cookies = {"visitor": ""} | {name: self._signed_in(user) for name, user in self.people.items()}

    def _add_people_of_the_site(self, contest: Contest) -> None:
        for name, role in (("stranger", None), ("admin", Role.SYSTEM_ADMIN), ("auditor", Role.AUDITOR)):
            self.people[name] = make_user(contest.session, name)
            if role is not None:
                grant(contest.session, self.people[name], role)
        contest.session.commit()

    def _signed_in(self, user: User) -> str:
        cookie = self.app.test_client().sign_in(user).get_cookie("session")  # type: ignore[attr-defined]
        return f"session={cookie.value}"

    def ask(self, role: str, method: str, path: str, headers: dict[str, str] | None = None, **sent: Any) -> TestResponse:
        """The answer to a browser as it was at first. Whatever was stored for it is gone afterwards, and so is a signing out."""
        db.release()
        point = self.connection.begin_nested()
        try:
            with written(self.connection) as writes:
                browser = self.app.test_client(use_cookies=False)
                answer = browser.open(path, method=method, headers={"Cookie": self.cookies[role], **(headers or {})}, **sent)
            if method == "GET":
                self._note_changes(path, answer.status_code, writes.all - TRACES)
            return answer
        finally:
            db.release()
            if point.is_active:
                point.rollback()

    def _note_changes(self, path: str, status: int, tables: set[str]) -> None:
        """Reading changes nothing: which page did, and what."""
        if tables:
            name = str(self.app.url_map.bind("localhost").match(path.partition("?")[0], "GET")[0])
            more = tables - (FACT if status in (403, 404) or name in RECEIPTS else OPENING.get(name, set()))
            if more:
                self.changed_by_reading[name] |= more

    def cell(self, role: str, method: str, path: str) -> str:
        """``+`` let in, ``-`` not there, ``x`` forbidden, ``>`` asked to sign in; a crash is none of them."""
        try:
            answer = self.ask(role, method, path)
        except Exception as error:  # noqa: BLE001 -- one crash must not hide the other cells
            return f"{type(error).__name__}: {error}"
        answer.close()
        if answer.status_code in (301, 302, 303) and answer.headers["Location"].startswith("/sign-in"):
            return ">"
        return {404: "-", 403: "x"}.get(answer.status_code, "+" if answer.status_code < 500 else str(answer.status_code))
