"""The bridge to the scoring package: rules of a stage, exact totals of a sheet, draws of judges."""

from .drawing import Draw, DrawQuality, Unbalanced, draw_pairs, order_of
from .rules import rule_of
from .totals import sheet_total

__all__ = ["Draw", "DrawQuality", "Unbalanced", "draw_pairs", "order_of", "rule_of", "sheet_total"]
