"""Tables of talent programmes, by noun."""

from .programs import FastTrack, Program, Tier
from .records import SelectionCheck, SelectionRecord

__all__ = ["FastTrack", "Program", "SelectionCheck", "SelectionRecord", "Tier"]
