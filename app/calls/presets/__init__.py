"""Presets: whole contests as data, named as offices name them. docs/PRESETS.md gives the source of every figure."""

from __future__ import annotations

from app.calls.errors import UnknownPreset

from . import campus, challenge, leg, talent, venture
from .shape import Preset

PRESETS: dict[str, Preset] = {preset.key: preset for preset in (venture.PRESET, talent.PRESET, leg.PRESET, campus.PRESET, challenge.PRESET)}


def preset_named(key: str) -> Preset:
    """The preset, or UnknownPreset."""
    if key not in PRESETS:
        raise UnknownPreset(field="preset")
    return PRESETS[key]


__all__ = ["PRESETS", "Preset", "preset_named"]
