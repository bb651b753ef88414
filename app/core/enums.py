"""Words that are stored, each with what people read."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """``NAME = "stored", _l("as people read it")``; a member without words does not come into being."""

    label: object

    def __new__(cls, value: str, label: object = None) -> Self:
        if label is None:
            raise TypeError(f"{cls.__name__}: {value!r} needs words that people read")
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member
