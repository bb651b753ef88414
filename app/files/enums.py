"""Scan states of stored files."""

from __future__ import annotations

from enum import StrEnum


class ScanState(StrEnum):
    SCANNING = "scanning"
    CLEAN = "clean"
    HELD = "held"
