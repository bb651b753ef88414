"""Two people edit one section: what each did not touch is kept, what both changed is shown to the later one.

A page carries one token with a fingerprint for each field as it was shown. What came back unlike its fingerprint was
changed on that page; what is stored unlike its fingerprint was changed elsewhere; only both at once is a conflict.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.dynforms.values import fingerprint, is_empty

SEPARATOR = "."


@dataclass(frozen=True)
class Merge:
    """The outcome: answers to store, keys that changed, and for each conflict what is stored."""

    answers: dict[str, Any]
    changed: list[str]
    theirs: dict[str, Any] = field(default_factory=dict)


def token_for(keys: Collection[str], answers: Mapping[str, Any]) -> str:
    """What a page remembers of the answers it shows."""
    return SEPARATOR.join(f"{key}:{fingerprint(answers.get(key))}" for key in keys)


def read_token(token: str) -> dict[str, str]:
    """Fingerprints by key; what is not of our making is no token."""
    pairs = (part.rpartition(":") for part in (token or "").split(SEPARATOR))
    return {key: mark for key, _colon, mark in pairs if key and len(mark) <= 8}


def merge(stored: Mapping[str, Any], sent: Mapping[str, Any], token: str | None) -> Merge:
    """Three-way merge by field. Without a token what was sent wins."""
    base = read_token(token) if token else {}
    answers, changed, theirs = dict(stored), [], {}
    for key, value in sent.items():
        ours, here = fingerprint(value), fingerprint(stored.get(key))
        if ours in (here, base.get(key)):
            continue  # nothing new, or not touched on this page
        if base.get(key, here) != here:
            theirs[key] = stored.get(key)
            continue
        changed.append(key)
        answers.pop(key, None)
        if not is_empty(value):
            answers[key] = value
    return Merge(answers, changed, theirs)


def overtaken(sent: Mapping[str, Any], stored: Mapping[str, Any]) -> list[str]:
    """The fields that a page still shows as they were before another one changed them."""
    return [key for key, value in sent.items() if fingerprint(value) != fingerprint(stored.get(key))]
