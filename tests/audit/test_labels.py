"""Every fact and every detail that can be recorded has words for its readers."""

from __future__ import annotations

from dataclasses import fields

from flask import Flask

from app.audit.events import EVENTS
from app.audit.labels import EVENT_LABELS, PAYLOAD_LABELS, SUBJECT_LABELS

OWN_BUSINESS = {"id", "edition_id", "reason", "old_email"}


def real_events() -> dict[str, type]:
    return {name: kind for name, kind in EVENTS.items() if kind.__module__.startswith("app.")}


def test_every_event_has_a_label(app: Flask) -> None:
    assert set(real_events()) - set(EVENT_LABELS) == set()


def test_no_label_is_left_over(app: Flask) -> None:
    assert set(EVENT_LABELS) - set(real_events()) == set()


def test_every_detail_has_a_label(app: Flask) -> None:
    keys = {field.name for kind in real_events().values() for field in fields(kind)}
    assert keys - OWN_BUSINESS - set(PAYLOAD_LABELS) == set()


def test_every_noun_that_a_fact_is_about_has_a_word(app: Flask) -> None:
    nouns = {kind.subject for kind in real_events().values()}
    assert {noun for noun in nouns if noun not in SUBJECT_LABELS and f"{noun}_id" not in PAYLOAD_LABELS} == set()
