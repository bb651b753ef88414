"""The bridge to the scoring package: rules of a stage, exact totals of a sheet, draws of judges."""

from .drawing import Draw, Unbalanced, draw_pairs, order_of
from .measuring import DrawQuality, Wishes, measure, wishes_of
from .rules import rule_of
from .totals import sheet_total

__all__ = ["Draw", "DrawQuality", "Unbalanced", "Wishes", "draw_pairs", "measure", "order_of", "rule_of", "sheet_total", "wishes_of"]
