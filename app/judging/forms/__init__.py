"""Forms of judging, by who sends them."""

from .desk import RecuseForm, SignForm
from .panels import PanelForm, ProposeForm, SeatForm
from .several import SeatLine, SeveralForm
from .sheet import Line, SheetForm, named, nonce

__all__ = [
    "Line",
    "PanelForm",
    "ProposeForm",
    "RecuseForm",
    "SeatForm",
    "SeatLine",
    "SeveralForm",
    "SheetForm",
    "SignForm",
    "named",
    "nonce",
]
