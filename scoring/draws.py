"""Verifiable draws: order, sample and split by SHA-256 of a public seed (`commit` it beforehand, reveal it after)."""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np

from scoring.errors import ScoringError

SEPARATOR = "\x1f"


def draw_key(seed: str, tag: str, id_: str) -> str:
    """SHA-256 (hex) of the UTF-8 text seed + U+001F + tag + U+001F + id: the key that `draw_order` sorts by."""
    return hashlib.sha256(SEPARATOR.join((seed, tag, id_)).encode()).hexdigest()


def draw_order(seed: str, tag: str, ids: Sequence[str]) -> list[str]:
    """The ids in drawn order: independent of input order, repeatable with any SHA-256 tool. Refuses repeated ids."""
    names = list(ids)
    if len(set(names)) != len(names):
        twice = next(n for n in names if names.count(n) > 1)
        raise ScoringError("the same id twice in a draw", {"id": twice})
    for text in (seed, tag, *names):
        if SEPARATOR in text:
            raise ScoringError("U+001F may not occur in a seed, tag or id", {"id": text})
    return sorted(names, key=lambda name: draw_key(seed, tag, name))


def commit(seed: str) -> str:
    """SHA-256 (hex) of the seed: published before the draw, it binds whoever chose the seed."""
    return hashlib.sha256(seed.encode()).hexdigest()


def matches(seed: str, commitment: str) -> bool:
    """True when a revealed seed is the one committed to."""
    return commit(seed) == commitment.lower()


def draw_sample(seed: str, tag: str, ids: Sequence[str], size: int) -> list[str]:
    """The first `size` ids of the drawn order; whoever replaces one of them is the next of the same order."""
    if not 0 <= size <= len(ids):
        raise ScoringError("a sample cannot be larger than what it is drawn from", {"size": size})
    return draw_order(seed, tag, ids)[:size]


def draw_split(seed: str, tag: str, ids: Sequence[str], groups: int, strata: Mapping[str, str] | None = None) -> list[list[str]]:
    """Deal the ids into `groups` whose sizes differ by at most 1, spreading every stratum evenly; drawn order inside."""
    if groups < 1:
        raise ScoringError("at least one group", {"groups": groups})
    drawn = draw_order(seed, tag, ids)
    levels = strata or {}
    by_level = sorted(drawn, key=lambda name: levels.get(name, ""))
    out: list[list[str]] = [[] for _ in range(groups)]
    for place, name in enumerate(by_level):
        out[place % groups].append(name)
    place_of = {name: k for k, name in enumerate(drawn)}
    return [sorted(group, key=place_of.__getitem__) for group in out]


def generator(seed: str, tag: str) -> np.random.Generator:
    """A numpy generator for simulations (never for draws that decide): Philox keyed by SHA-256 of seed and tag."""
    key = int.from_bytes(hashlib.sha256(SEPARATOR.join((seed, tag)).encode()).digest()[:16], "big")
    return np.random.Generator(np.random.Philox(key=key))
