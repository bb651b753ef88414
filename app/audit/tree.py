"""The Merkle root over a chain's hashes (RFC 6962), grown one fact at a time from the roots of its full subtrees."""

from __future__ import annotations

import hashlib

LEAF, NODE = b"\x00", b"\x01"


def grown(peaks: list[bytes], size: int, leaf_hash: str) -> list[bytes]:
    """The peaks after one more fact; ``size`` facts came before it. Changes and returns the list."""
    node = hashlib.sha256(LEAF + _raw(leaf_hash)).digest()
    while size & 1:
        node = hashlib.sha256(NODE + peaks.pop() + node).digest()
        size >>= 1
    peaks.append(node)
    return peaks


def root(peaks: list[bytes]) -> str:
    """The root, in hexadecimal; of nothing it is the digest of nothing."""
    if not peaks:
        return hashlib.sha256(b"").hexdigest()
    node = peaks[-1]
    for peak in reversed(peaks[:-1]):
        node = hashlib.sha256(NODE + peak + node).digest()
    return node.hex()


def packed(peaks: list[bytes]) -> str:
    """As text for a column."""
    return "".join(peak.hex() for peak in peaks)


def unpacked(text: str) -> list[bytes]:
    """Back from the column."""
    raw = bytes.fromhex(text)
    return [raw[place : place + 32] for place in range(0, len(raw), 32)]


def _raw(leaf_hash: str) -> bytes:
    """The hash's bytes; of what somebody wrote in its place, its letters: such a chain is broken, and still has a root."""
    try:
        return bytes.fromhex(leaf_hash)
    except ValueError:
        return leaf_hash.encode()
