"""What the audit feature does in the background."""

from . import chains, leasing
from .delivering import deliver_one, sweep

__all__ = ["chains", "deliver_one", "leasing", "sweep"]
