"""Forms of judging, by who sends them."""

from .desk import RecuseForm, SignForm
from .panels import PanelForm, ProposeForm, SeatForm
from .sheet import Line, SheetForm, named, nonce

__all__ = ["Line", "PanelForm", "ProposeForm", "RecuseForm", "SeatForm", "SheetForm", "SignForm", "named", "nonce"]
