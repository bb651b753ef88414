"""The arithmetic of the chain: canonical payload, salted commitment, link hash. Specified in docs/ARCHITECTURE.md."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import msgspec

COMMIT = b"jiebang/commit/v1"
LINK = b"jiebang/event/v1"


def canonical(payload: dict[str, Any]) -> str:
    """Sorted keys, UTF-8, decimals as strings; floats are refused, because they have no one spelling."""
    return msgspec.json.encode(payload, enc_hook=_plain, order="sorted").decode() if _no_float(payload) else ""


def commitment(salt: bytes, payload: str) -> str:
    """Hides the payload (a mark has under seven bits: without salt its digest would be the mark) and binds to it."""
    return hashlib.sha256(COMMIT + salt + payload.encode()).hexdigest()


def link(chain: str, seq: int, name: str, at: datetime, actor_id: int | None, actor_role: str | None, subject: str,
         subject_id: int | None, commit: str, prev: str) -> str:  # fmt: skip
    """The hash of one row: every field but the erasable ones, each with its length in front."""
    digest = hashlib.sha256(LINK)
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    for part in (
        chain,
        seq,
        name,
        moment,
        actor_id,
        actor_role,
        subject,
        subject_id,
        commit,
        prev,
    ):
        raw = b"" if part is None else str(part).encode()
        digest.update(len(raw).to_bytes(4, "big") + raw)
    return digest.hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} cannot be journalled")


def _no_float(value: Any) -> bool:
    if isinstance(value, float):
        raise TypeError("a float cannot be journalled")
    if isinstance(value, dict):
        return all(_no_float(v) for v in value.values())
    if isinstance(value, list | tuple):
        return all(_no_float(v) for v in value)
    return True
