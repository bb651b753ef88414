"""What may be shown of a sensitive value without a reason."""

from __future__ import annotations


def mask_id(number: str) -> str:
    """``3205**********1234``; shorter documents keep two characters at each end."""
    keep = 4 if len(number) >= 15 else 2
    return _mask(number, keep, keep)


def mask_phone(number: str) -> str:
    """``138****1234``"""
    return _mask(number, 3, 4) if not number.startswith("+") else _mask(number, 4, 2)


def mask_bank(number: str) -> str:
    """The last four digits."""
    return _mask(number, 0, 4)


def mask_email(address: str) -> str:
    """``z***@example.org``"""
    local, _, domain = address.partition("@")
    return f"{local[:1]}***@{domain}"


def _mask(text: str, head: int, tail: int) -> str:
    hidden = len(text) - head - tail
    return "*" * len(text) if hidden <= 0 else text[:head] + "*" * hidden + text[len(text) - tail :]
