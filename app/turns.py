"""How much heavy work one person may have going at once: files being received, PDFs and tables being made, in one web process."""

from __future__ import annotations

import threading
from collections import Counter

from flask import Flask, g, request
from flask_babel import lazy_gettext as _l

from .core.troubles import Unavailable
from .core.web import actor

#: At once, for a person and, for visitors, an address, behind which a whole office may sit.
EACH, VISITORS = 3, 6
LARGE = 256 * 1024
MADE = (".pdf", ".xlsx", ".csv", ".zip")


class OneAtATime(Unavailable):
    message = _l("Several large files are being received or made for you already. Please wait until one of them is done.")
    status = 429
    retry_after = 3


class Turns:
    """Who has how many going."""

    def __init__(self) -> None:
        self._mutex, self._going = threading.Lock(), Counter[str]()

    def take(self, who: str, limit: int) -> bool:
        with self._mutex:
            if self._going[who] >= limit:
                return False
            self._going[who] += 1
            return True

    def give_back(self, who: str) -> None:
        with self._mutex:
            self._going[who] -= 1
            if self._going[who] <= 0:
                del self._going[who]

    def going(self) -> int:
        """How many in all."""
        return self._going.total()


turns = Turns()


def is_heavy() -> bool:
    """By what the request says of itself, before its body is read."""
    return (request.content_length or 0) > LARGE or request.path.endswith(MADE)


def init(app: Flask) -> None:
    """Before the forms' own protection, which reads the body: a refused upload is not even received."""

    @app.before_request
    def take_turn() -> None:
        if not is_heavy():
            return
        person = actor().user_id
        who, limit = (f"user:{person}", EACH) if person is not None else (f"at:{request.remote_addr}", VISITORS)
        if not turns.take(who, limit):
            raise OneAtATime
        g.turn = who

    @app.teardown_request
    def end_turn(error: BaseException | None) -> None:
        who = g.pop("turn", None)
        if who is not None:
            turns.give_back(who)
