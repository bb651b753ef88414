"""Facts: named by one grammar, in the past tense, made of ids and short values, and every subscriber is heard."""

from __future__ import annotations

import re
from dataclasses import fields

from flask import Flask

from app.audit import bus
from app.audit.events import EVENTS

SHORT = r"int|str|bool|Decimal|datetime|date|None|[A-Z]\w+"
MANY = r"list\[(int|str)\]|tuple\[(int|str), \.\.\.\]|dict\[str, (int|str|list\[str\])\]"
SAFE = re.compile(rf"^({SHORT}|{MANY})( \| None)?$")


def test_events_are_named_feature_noun_past_participle(app: Flask) -> None:
    grammar = re.compile(r"[a-z_]+\.[a-z_]+")
    assert [event for event in EVENTS if not grammar.fullmatch(event)] == []


def test_events_carry_ids_and_short_values(app: Flask) -> None:
    odd = [f"{kind.__name__}.{f.name}: {f.type}" for kind in EVENTS.values() for f in fields(kind) if not SAFE.match(str(f.type))]
    assert odd == []


def test_every_subscription_names_a_known_event(app: Flask) -> None:
    heard = {name for name in EVENTS if bus.subscribers_of(name)}
    assert set(bus._BY_EVENT) - set(EVENTS) == set()
    assert heard <= set(EVENTS)


def test_every_subscriber_can_be_called_by_its_key(app: Flask) -> None:
    for name in EVENTS:
        for key in bus.subscribers_of(name):
            assert callable(bus.HANDLERS[key])
