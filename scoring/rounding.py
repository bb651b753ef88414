"""Exact rounding of integer ratios, and decimal text to integer minor units and back."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Literal, get_args

import numpy as np

from scoring.arrays import INT_LIMIT, Ints
from scoring.errors import InvalidMark, InvalidRule

Mode = Literal["half_up", "half_even", "down", "up"]
MAX_DECIMALS = 9
PLAIN = re.compile(r"(-?)([0-9]{1,12})(?:\.([0-9]{1,9}))?")


@dataclass(frozen=True)
class Round:
    """A declared rounding: to `decimals` places; `half_up` is half away from zero, `up` away from zero."""

    decimals: int
    mode: Mode = "half_up"

    def __post_init__(self) -> None:
        if type(self.decimals) is not int or not 0 <= self.decimals <= MAX_DECIMALS:
            raise InvalidRule("decimals must be a whole number from 0 to 9", {"field": "decimals"})
        if self.mode not in get_args(Mode):
            raise InvalidRule(f"unknown rounding mode {self.mode!r}", {"field": "mode"})


@dataclass(frozen=True)
class Scale:
    """Decimal text and integers in units of 10^-decimals: with 2 decimals "87.31" is 8731."""

    decimals: int = 2

    def parse(self, text: str | int | Decimal) -> int:
        return parse_units(text, self.decimals)

    def format(self, units: int) -> str:
        return format_units(units, self.decimals)


def round_ratio(num: int, den: int, mode: Mode = "half_up") -> int:
    """Nearest whole number to num/den (den > 0), symmetric about zero. Python integers, any size."""
    size, sign = abs(num), -1 if num < 0 else 1
    quotient, rest = divmod(size, den)
    if mode == "half_up":
        quotient += 2 * rest >= den
    elif mode == "half_even":
        quotient += 2 * rest > den or (2 * rest == den and quotient % 2 == 1)
    elif mode == "up":
        quotient += rest > 0
    return sign * quotient


def round_ratios(num: Ints, den: Ints | int, mode: Mode = "half_up") -> Ints:
    """`round_ratio` for arrays; refuses values that could leave 64 bits."""
    peak = max(abs(int(num.max())), abs(int(num.min()))) if num.size else 0
    check_bound(2 * peak + int(np.max(den, initial=1)))
    negative = bool(num.size) and int(num.min()) < 0
    size: Ints = np.abs(num) if negative else num
    out: Any
    if mode == "half_up":
        out = (2 * size + den) // (2 * den)
    elif mode == "down":
        out = size // den
    elif mode == "up":
        out = -(-size // den)
    else:
        out = size // den
        rest = 2 * (size - out * den)
        out = out + ((rest > den) | ((rest == den) & (out % 2 == 1)))
    return out * np.sign(num) if negative else out


def check_bound(peak: int) -> None:
    """Refuse arithmetic whose largest intermediate value would not fit 62 bits."""
    if peak >= INT_LIMIT:
        raise InvalidRule("marks, weights and judges are too large for exact 64-bit arithmetic", {"field": "scale"})


def parse_units(value: object, decimals: int) -> int:
    """Decimal text, int or Decimal (in points) to units of 10^-decimals; a float counts as its shortest text."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal, np.integer)):
        raise InvalidMark(f"{value!r} is not a number")
    text = float.__repr__(value) if isinstance(value, float) else str(value)
    plain = PLAIN.fullmatch(text)
    if plain and len(plain[3] or "") <= decimals:
        size = int(plain[2] + (plain[3] or "").ljust(decimals, "0"))
        return -size if plain[1] else size
    if len(text) > 40 or not text.isascii() or "_" in text:
        raise InvalidMark(f"{text[:20]!r} is not a plain decimal number")
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        raise InvalidMark(f"{text!r} is not a number") from None
    if not number.is_finite() or abs(number) >= 10**12:
        raise InvalidMark(f"{text!r} is not a number of this scale")
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -30:
        raise InvalidMark(f"{text!r} has too many decimals")
    ratio = Fraction(number) * 10**decimals
    if ratio.denominator != 1:
        raise InvalidMark(f"{text!r} has more than {decimals} decimals")
    return ratio.numerator


def format_units(units: int, decimals: int) -> str:
    """Units of 10^-decimals as plain decimal text, with all declared decimals."""
    sign, digits = ("-", -int(units)) if units < 0 else ("", int(units))
    if decimals == 0:
        return f"{sign}{digits}"
    whole, part = divmod(digits, 10**decimals)
    return f"{sign}{whole}.{part:0{decimals}d}"


def format_fraction(value: Fraction, places: int = 6) -> str:
    """An exact decimal where one exists; otherwise `places` digits, cut, followed by an ellipsis."""
    den, digits = value.denominator, 0
    while den % 10 == 0:
        den, digits = den // 10, digits + 1
    twos = fives = 0
    while den % 2 == 0:
        den, twos = den // 2, twos + 1
    while den % 5 == 0:
        den, fives = den // 5, fives + 1
    if den == 1:
        digits += max(twos, fives)
        text = format_units(int(value * 10**digits), digits)
        return text.rstrip("0").rstrip(".") if "." in text else text
    cut = round_ratio(value.numerator * 10**places, value.denominator, "down")
    sign = "-" if value < 0 and cut == 0 else ""
    return f"{sign}{format_units(cut, places)}…"
