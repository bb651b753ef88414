"""Which passwords are refused, and why. Follows OWASP ASVS 5 §6.2; the 等保 profile adds GB/T 22239's demands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l

from .common_passwords import common_passwords, core_of, is_walk

LONGEST = 256
DENGBAO_AGE = timedelta(days=90)
DENGBAO_HISTORY = 5
_KINDS = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")


@dataclass(frozen=True)
class PasswordPolicy:
    """What a password must be like here. ``own_words`` are the organization's names."""

    min_length: int = 12
    dengbao: bool = False
    own_words: tuple[str, ...] = ()

    def is_stale(self, changed_at: datetime | None, now: datetime) -> bool:
        """Whether the 等保 profile wants a new one."""
        return self.dengbao and changed_at is not None and changed_at + DENGBAO_AGE <= now


def password_fault(password: str, policy: PasswordPolicy, *, about: Iterable[str] = ()) -> object | None:
    """Why the password is refused, or None. ``about``: the person's own name and address."""
    if len(password) < policy.min_length:
        return _l("At least %(count)s characters.", count=policy.min_length)
    if len(password) > LONGEST:
        return _l("At most %(count)s characters.", count=LONGEST)
    if "\x00" in password:
        return _l("A password cannot contain the character NUL.")
    folded = password.casefold()
    if folded in common_passwords() or core_of(folded) in common_passwords() or is_walk(folded) or _is_monotonous(folded):
        return _l("This password is among the first that anybody would try. Several unrelated words are easy to keep and hard to guess.")
    for word in _telling(about, policy.own_words):
        if word in folded and len(folded.replace(word, "")) < 8:
            return _l("This password is little more than a name that others know.")
    if policy.dengbao and sum(bool(re.search(kind, password)) for kind in _KINDS) < 3:
        return _l("Use at least three of: small letters, capitals, digits, other characters.")
    return None


def _is_monotonous(text: str) -> bool:
    """One short piece repeated, or fewer than five different characters."""
    if len(set(text)) < 5:
        return True
    return any(text == (text[:size] * (len(text) // size + 1))[: len(text)] for size in range(1, min(6, len(text) // 2) + 1))


def _telling(about: Iterable[str], own_words: Iterable[str]) -> list[str]:
    words = [word.casefold().strip() for word in own_words]
    for text in about:
        words += re.split(r"[\s@._+-]+", text.casefold())
    return sorted({word for word in words if len(word) >= 3 or (len(word) >= 2 and not word.isascii())}, key=len, reverse=True)
