"""Reading panels, sheets and progress; who sees which sheet is decided in ``sheets``."""

from . import affected
from .sheets import SheetRow, sheets_for_results, sheets_visible_to

__all__ = ["SheetRow", "affected", "sheets_for_results", "sheets_visible_to"]
