"""Repeatable pseudo-random order for large designs: splitmix64 in whole arrays, keyed by SHA-256 of the seed."""

import hashlib

import numpy as np
from numpy.typing import NDArray

from scoring.arrays import Ints

Words = NDArray[np.uint64]


def seed_word(seed: str, tag: str) -> int:
    """First 64 bits of SHA-256 of seed + U+001F + tag."""
    return int.from_bytes(hashlib.sha256(f"{seed}\x1f{tag}".encode()).digest()[:8], "big")


def words(seed: str, tag: str, count: int) -> Words:
    """`count` well-mixed 64-bit words; the same on every platform and numpy version."""
    return words_at(seed, tag, np.arange(count))


def words_at(seed: str, tag: str, index: Ints) -> Words:
    """The words at these positions of the sequence."""
    with np.errstate(over="ignore"):
        z = np.uint64(seed_word(seed, tag)) + (index.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def permutation(seed: str, tag: str, size: int) -> Ints:
    """A uniform order of 0..size-1."""
    return np.argsort(words(seed, tag, size), kind="stable").astype(np.int64)
