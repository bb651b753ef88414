"""Exact decimals: parsing what people type, and money in 万元. No float passes here."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

_PLAIN = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
WAN_PLACES = Decimal("0.0001")


def exact(text: str) -> Decimal:
    """The decimal written in plain digits; ValueError for signs of anything else (exponents, separators, full-width, NaN)."""
    if not isinstance(text, str) or not _PLAIN.fullmatch(text):
        raise ValueError(f"not a plain decimal: {text!r}")
    return Decimal(text)


def half_up(value: Decimal, places: int) -> Decimal:
    """``value`` rounded half away from zero to ``places`` decimals."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def wan(yuan: Decimal) -> Decimal:
    """An amount in yuan as 万元 (ten thousand yuan), four decimals at most."""
    return (yuan / 10000).quantize(WAN_PLACES).normalize()
