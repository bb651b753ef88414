"""Verifiable draws: order, sample and split by SHA-256 of a public seed (`commit` it beforehand, reveal it after)."""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np

from scoring.errors import ScoringError

SEPARATOR = "\x1f"
DRAW_DOMAIN = "jiebang/draw/v1"


def draw_key(seed: str, tag: str, id_: str) -> str:
    """SHA-256 (hex) of the UTF-8 text seed + U+001F + tag + U+001F + id: the key that `draw_order` sorts by."""
    return hashlib.sha256(SEPARATOR.join((seed, tag, id_)).encode()).hexdigest()


def draw_order(seed: str, tag: str, ids: Sequence[str]) -> list[str]:
    """The ids in drawn order: independent of input order, repeatable with any SHA-256 tool. Refuses repeated ids."""
    names = list(ids)
    for text in (seed, tag, *names):
        if not isinstance(text, str):
            raise ScoringError("seed, tag and ids of a draw are texts", {"id": repr(text)[:40]})
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


def input_digest(ids: Sequence[str], constraints: str = "", *, algorithm: str = "sha256-order/1") -> str:
    """SHA-256 of what is fixed before a draw: sorted ids, constraints as text, number of ids, name of the algorithm."""
    text = SEPARATOR.join((DRAW_DOMAIN, "input", algorithm, str(len(ids)), constraints, *sorted(ids)))
    return hashlib.sha256(text.encode()).hexdigest()


def role_commitment(role: str, secret: bytes, nonce: bytes) -> str:
    """What organizer, supervisor and representative each publish before anybody reveals: SHA-256(domain, role, secret, nonce)."""
    if len(secret) < 16 or len(nonce) < 16:
        raise ScoringError("secret and nonce need at least 16 bytes each", {"role": role})
    parts = (DRAW_DOMAIN.encode(), b"commit", role.encode(), secret, nonce)
    return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).hexdigest()


def joint_seed(digest: str, reveals: Mapping[str, tuple[bytes, bytes]], commitments: Mapping[str, str], beacon: str) -> str:
    """The public seed (hex): SHA-256 of domain, input digest, all revealed secrets by role, and outside entropy named before.

    Refuses when a role did not reveal (the draw is void, and that is published) or revealed something else.
    """
    for role in sorted(commitments):
        if role not in reveals:
            raise ScoringError("this role has not revealed: the draw is void", {"role": role})
        if role_commitment(role, *reveals[role]) != commitments[role]:
            raise ScoringError("what this role revealed is not what it committed to", {"role": role})
    if set(reveals) != set(commitments):
        raise ScoringError("a reveal without a commitment", {"role": sorted(set(reveals) - set(commitments))[0]})
    parts = [DRAW_DOMAIN.encode(), b"seed", digest.encode(), beacon.encode()]
    parts += [part for role in sorted(reveals) for part in (role.encode(), *reveals[role])]
    return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).hexdigest()
