"""People who save without pause, keep their own notes, and send again with the same key until they are answered."""

from __future__ import annotations

import http.client
import json
import random
import re
import threading
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path

from tests.load.browser import Browser, Fields, Reply
from tests.load.edition import CRITERIA, PASSWORD, prose

from .acks import AckLog

PATIENCE = 240.0
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class GaveUpError(Exception):
    """A client was not answered in time, or was answered with something that should never happen."""


@dataclass
class Work:
    """One thing that a client writes to: its address, the version it last saw, and how often it was sent."""

    url: str
    version: str
    number: int = 0


@dataclass
class Client(threading.Thread, ABC):
    """Signs in, then saves one thing after the other until told to stop."""

    port: int
    email: str
    works: list[Work]
    folder: Path
    seed: int
    stopping: threading.Event
    retries: int = 0
    answers: dict[int, int] = field(default_factory=dict)
    problem: str = ""

    def __post_init__(self) -> None:
        super().__init__(daemon=True, name=self.email)
        self.browser = Browser(self.port)
        self.log = AckLog(self.folder / f"{self.email}.acks")
        self.source = random.Random(self.seed)
        self.token = ""

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        """The thread's work; what goes wrong is kept for the report."""
        try:
            self.sign_in()
            while not self.stopping.is_set():
                self.save(self.source.choice(self.works))
        except Exception as error:  # noqa: BLE001 -- reported by the main thread
            self.problem = f"{self.email}: {error!r}"
        finally:
            self.log.close()
            self.browser.close()

    def sign_in(self) -> None:
        """Through the sign-in form, as everybody."""
        page = self.until_answered(lambda: self.browser.get("/sign-in"))
        address, fields = page.form('form[action*="sign-in"], form:has([name=password])')
        fields.update(email=self.email, password=PASSWORD)
        reply = self.until_answered(lambda: self.browser.post(address, fields))
        if reply.status != 303:
            raise GaveUpError(f"sign-in answered {reply.status}: {reply.text[:800]}")
        page = self.until_answered(lambda: self.browser.get("/my/"))
        found = TOKEN.search(page.text)
        if page.status != 200 or not found:
            raise GaveUpError(f"/my/ answered {page.status}: {page.text[:800]}")
        self.token = found.group(1)

    def save(self, work: Work) -> None:
        """One write with a key of its own; noted before it goes out and after it is answered."""
        key = f"{self.source.getrandbits(128):032x}"
        work.number += 1
        value = {"url": work.url, "number": work.number}
        self.log.note_sent(key, value)
        headers = {"X-CSRFToken": self.token, "Idempotency-Key": key, "Accept": "application/json"}
        fields: Fields = {"csrf_token": self.token, "version": work.version, **self.fields(work, key)}
        reply = self.until_answered(lambda: self.browser.post(work.url, fields, headers))
        self.answers[reply.status] = self.answers.get(reply.status, 0) + 1
        if reply.status not in (200, 303):
            raise GaveUpError(f"{work.url} answered {reply.status}: {reply.text[:800]}")
        self.learn(work, reply)
        self.log.note_acked(key, value)

    def until_answered(self, request: object) -> Reply:
        """Send until there is an answer that is no server error; a cut connection says nothing about what happened."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                reply: Reply = request()  # type: ignore[operator]
            except (OSError, http.client.HTTPException):
                self.retries += 1
                time.sleep(self.source.uniform(0.02, 0.2))
                continue
            if reply.status < 500:
                return reply
            self.answers[reply.status] = self.answers.get(reply.status, 0) + 1
            time.sleep(0.2)
        raise GaveUpError(f"not answered for {PATIENCE:.0f} seconds")

    def learn(self, work: Work, reply: Reply) -> None:
        """Take the version for the next save from the answer."""
        if reply.status == 200:
            work.version = str(json.loads(reply.body)["version"])

    @abstractmethod
    def fields(self, work: Work, key: str) -> Fields:
        """What is written this time; the key is part of it, so that the stored text tells which write it came from."""


class Judge(Client):
    """Changes the marks and the comment of a score sheet."""

    def fields(self, work: Work, key: str) -> Fields:
        marks: Fields = {f"mark-{name}": f"{self.source.randrange(0, 2 * full + 1) / 2:.1f}" for name, _zh, full in CRITERIA}
        return {**marks, "comment": f"{work.number} {key}", "private_note": ""}


class Team(Client):
    """Writes the draft of an entry, as the page's script does while one types."""

    def fields(self, work: Work, key: str) -> Fields:
        return {"x_title": f"草稿 {work.number}", "x_abstract": prose(self.source, 400), "x_market": f"{work.number} {key}", "x_unit": ""}
