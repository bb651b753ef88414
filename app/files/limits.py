"""What a place accepts: types, size, pages, pixels; said to people before they upload and enforced here."""

from __future__ import annotations

from dataclasses import dataclass

#: As everywhere on the pages: a million bytes.
MEGABYTE = 1_000_000
MAX_MEMBERS = 1000
MAX_UNPACKED = 200 * MEGABYTE
MAX_RATIO = 100
#: Below this a high ratio is harmless (an empty spreadsheet compresses a hundredfold).
RATIO_FLOOR = 4 * MEGABYTE
MAX_PIXELS = 50_000_000
DEFAULT_TYPES = ("pdf",)


@dataclass(frozen=True)
class Limits:
    """Limits of one upload. ``types`` are extensions, sizes are bytes."""

    types: tuple[str, ...] = DEFAULT_TYPES
    max_bytes: int = 20 * MEGABYTE
    max_pages: int | None = None
    max_pixels: int = MAX_PIXELS
