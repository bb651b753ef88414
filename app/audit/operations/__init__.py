"""Recording facts, delivering them, verifying chains."""

from .journal import record
from .reading import note_reading

__all__ = ["note_reading", "record"]
