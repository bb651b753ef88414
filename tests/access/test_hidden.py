"""What a person may not know of answers in every part like what is not there: status, size, stamps, redirect and body.

Over all addresses with a variable part and all who come from outside the office; the access matrix says who may not know of what.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from .addresses import NOTHING, Addresses
from .crowd import ROLES, Crowd
from .story import Contest, telling
from .tables import Entry, entries
from .test_indistinguishable import _spellings

OUTSIDE = ("visitor", "stranger", "leader", "viewer", "other leader", "judge", "other judge", "recused")
IN_PHASES = ("draft", "judging", "sealed")
#: New in every answer.
FRESH = re.compile(rb'(csrf_token[^>]*?value|name="(key|nonce)" value)="[^"]*"|"X-CSRFToken": "[^"]*"')
#: Counted by the clock or by chance, or, as the length, compared without the address that stands in the page.
UNTOLD = {"Set-Cookie", "Date", "X-Request-Id", "Content-Length"}


def invented(value: Any) -> Any:
    """Nothing has this number or word."""
    return NOTHING if isinstance(value, int) else "".join("z" if c.isalnum() else c for c in str(value))


def parts(answer: TestResponse, path: str) -> dict[str, Any]:
    """Everything of an answer but what is new in every one; the address itself may stand in it."""
    number = answer.headers.get("X-Request-Id", "").encode()
    body = FRESH.sub(b"", answer.get_data())
    body = body.replace(number, b"") if number else body
    told = {name: value for name, value in answer.headers.items() if name not in UNTOLD}
    for spelt in _spellings((path,)):
        body = body.replace(spelt.encode(), b"HERE")
        told = {name: value.replace(spelt, "HERE") for name, value in told.items()}
    status = answer.status_code
    answer.close()
    return {"status": status, "size": len(body), "body": body, **told}


def hidden_from(role: str, phase: str, number: int, entry: Entry, app: Flask) -> bool:
    """Whether the matrix keeps the thing from this person; each cell is asked in one of the phases, what everybody may ask for in all."""
    _method, endpoint = entry.operation.split()
    if "<" not in next(app.url_map.iter_rules(endpoint)).rule or entry.symbols[phase][ROLES.index(role)] not in "->":
        return False
    if (
        endpoint == "site.public.verified"
    ):  # a page for every code that may be typed: it says "unknown", and repeats the code as it reads it
        return False
    in_all = endpoint.startswith(("site.", "entries.eligibility.", "judging.desk."))
    return in_all or (number + ROLES.index(role)) % len(IN_PHASES) == IN_PHASES.index(phase)


def differing(crowd: Crowd, role: str, method: str, there: str, absent: str) -> list[str]:
    one, other = (parts(crowd.ask(role, method, path), path) for path in (there, absent))
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))


@pytest.mark.parametrize("phase", IN_PHASES)
def test_a_hidden_thing_and_none_at_all_give_the_same_answer(app: Flask, alpha: Contest, beta: Contest, crowd_of: Any, phase: str) -> None:
    for _told in telling(alpha, beta, until=phase):
        pass
    crowd, real, nothing = crowd_of(), Addresses(app, alpha.session, alpha), Addresses(app, alpha.session, alpha)
    nothing.values = {key: invented(value) for key, value in real.values.items()}
    found, compared = [], 0
    for number, entry in enumerate(entries()):
        method, endpoint = entry.operation.split()
        for role in OUTSIDE:
            if hidden_from(role, phase, number, entry, app):
                there, absent = (address(endpoint, **entry.given) for address in (real, nothing))
                compared += there != absent
                told = differing(crowd, role, method, there, absent) if there != absent else []
                found += [f"{role}: {method} {there} differs from {absent} in {', '.join(told)}"] if told else []
    assert (found, compared > 400) == ([], True), compared


def test_the_comparison_sees_each_part(app: Flask, alpha: Contest, beta: Contest, crowd_of: Any) -> None:
    """What does exist for the one who asks differs: a comparison that finds nothing there would find nothing anywhere."""
    for _told in telling(alpha, beta, until="released"):
        pass
    crowd, page = crowd_of(), f"/contests/{alpha.edition.code}"
    told = differing(crowd, "visitor", "GET", page, f"/contests/{invented(alpha.edition.code)}")
    assert {"status", "size", "body", "ETag"} <= set(told)
    assert differing(crowd, "visitor", "GET", page, page) == []
