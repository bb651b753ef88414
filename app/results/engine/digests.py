"""One text for one result: canonical JSON, and its digest."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from .values import Inputs, Output, normalized


def text_of(value: Any) -> bytes:
    """Canonical JSON: keys sorted, no spaces, UTF-8; equal values give equal bytes."""
    return msgspec.json.encode(msgspec.to_builtins(value, order="sorted"), order="sorted")


def digest_of(engine: str, inputs: Inputs, output: Output) -> str:
    """SHA-256 over engine, inputs and output; printed on every list and compared by ``flask results verify``."""
    return hashlib.sha256(text_of({"engine": engine, "inputs": normalized(inputs), "output": output})).hexdigest()
