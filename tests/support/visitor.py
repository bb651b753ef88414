"""A person at a browser without script: opens pages, fills the forms that are there, presses the buttons that are there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.test import TestResponse

from app.core import clock

from .client import Client, html


class Journey:
    """The clock of a long story and the people in it. The clock only goes forward."""

    def __init__(self, app: Flask, start: datetime) -> None:
        self.app, self.moment = app, start
        self.mail = app.extensions["jiebang"].var / "mail"
        clock.read_from(lambda: self.moment)

    def until(self, moment: datetime) -> None:
        if moment < self.moment:
            raise ValueError("time does not go back")
        self.moment = moment

    def later(self, **delta: float) -> None:
        self.moment += timedelta(**delta)

    def person(self, user: Any) -> Visitor:
        return Visitor(self, user)

    def stranger(self) -> Visitor:
        return Visitor(self, None)

    def end(self) -> None:
        clock.read_from(None)


class Visitor:
    """One person's browser. Every page is looked at: a 500, or a form that does not exist, fails the story."""

    def __init__(self, journey: Journey, user: Any) -> None:
        self.client: Client = journey.app.test_client()  # type: ignore[assignment]
        self.journey, self.user = journey, user
        self.page: TestResponse | None = None
        self.signed_in_at: datetime | None = None

    def go(self, path: str, expect: int = 200) -> BeautifulSoup:
        """Open a page; whoever has an account signs in anew, because the story's days are longer than a session."""
        if self.user is not None and (self.signed_in_at is None or self.journey.moment - self.signed_in_at > timedelta(minutes=4)):
            self.client.sign_in(self.user)
            self.signed_in_at = self.journey.moment
        self.page = self.client.get(path, follow_redirects=expect == 200)
        assert self.page.status_code == expect, f"{path}: {self.page.status_code} {self.text()[:600]}"
        return html(self.page)

    def text(self) -> str:
        return " ".join(html(self.page).get_text(" ").split()) if self.page is not None else ""

    def send(
        self, path: str, values: dict[str, Any], *, form: str | None = None, expect: int = 303, submit: str | None = None
    ) -> TestResponse:
        """Fill the form on the page as a person would: what is there stays, ``values`` are typed. ``form`` is part of its action or id."""
        tree = self.go(path)
        found = self._form(tree, form, submit)
        data = filled(found, values, submit)
        action = str(found.get("action") or path)
        self.page = self.client.post(action, data=data, content_type="multipart/form-data")
        assert self.page.status_code == expect, f"{action}: {self.page.status_code} {self.text()[:1500]}"
        return self.page

    def press(self, path: str, label: str, values: dict[str, Any] | None = None) -> TestResponse:
        """Press the button with this label (or part of the form's action)."""
        return self.send(path, values or {}, submit=label)

    def _form(self, tree: BeautifulSoup, wanted: str | None, label: str | None) -> Tag:
        """The first form that fits; one whose address ends in ``wanted`` before one that only contains it."""
        forms = [f for f in tree.select("main form, dialog form, form") if str(f.get("method", "")).lower() == "post"]
        fitting = [f for f in forms if not _is_frame(f) and (wanted is None or wanted in f"{f.get('action', '')} {f.get('id', '')}")]
        if label is not None:
            fitting = [f for f in fitting if label in str(f.get("action")) or any(label in b.get_text(" ") for b in f.select("button"))]
        fitting.sort(key=lambda f: not str(f.get("action", "")).rstrip("/").endswith(wanted or label or ""))
        if fitting:
            return fitting[0]
        actions = [f"{f.get('action')} [{' '.join(b.get_text(' ').strip() for b in f.select('button'))}]" for f in forms]
        raise AssertionError(f"no form {wanted or label!r} here; there are {actions}")


def _is_frame(form: Tag) -> bool:
    return any(part in str(form.get("action")) for part in ("/language/", "sign-out", "/my/role"))


def filled(form: Tag, values: dict[str, Any], submit: str | None) -> dict[str, Any]:
    """What a browser would send."""
    data: dict[str, Any] = {}
    for field in form.select("input[name], select[name], textarea[name]"):
        _take(field, data)
    button = next((b for b in form.select("button[name]") if submit is None or submit in b.get_text(" ")), None)
    if button is not None and submit is not None:
        data[str(button["name"])] = str(button.get("value", ""))
    unknown = set(values) - {str(f["name"]) for f in form.select("[name]")}
    assert not unknown, f"the form has no {sorted(unknown)}; it has {sorted({str(f['name']) for f in form.select('[name]')})}"
    data.update(values)
    return {key: value for key, value in data.items() if value is not None}


def _take(field: Tag, data: dict[str, Any]) -> None:
    name, kind = str(field["name"]), str(field.get("type", "text"))
    if field.name == "textarea":
        data[name] = field.get_text().removeprefix("\n")
    elif field.name == "select":
        chosen = [str(o.get("value", o.get_text())) for o in field.select("option[selected]")]
        options = [str(o.get("value", o.get_text())) for o in field.select("option")]
        data[name] = chosen if field.has_attr("multiple") else (chosen or options[:1] or [""])[0]
    elif kind in {"checkbox", "radio"}:
        if field.has_attr("checked"):
            data.setdefault(name, []) if kind == "checkbox" else None
            value = str(field.get("value", "y"))
            data[name] = [*data[name], value] if kind == "checkbox" else value
    elif kind not in {"file", "submit", "button", "image"}:
        data[name] = str(field.get("value", ""))
