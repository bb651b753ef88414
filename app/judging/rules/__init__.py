"""Rules of a score sheet, evaluated on plain values."""

from .marks import Item, MarkFault, check_complete, check_mark, items_of, read_mark
from .statement import statement_digest, statement_sentences

__all__ = ["Item", "MarkFault", "check_complete", "check_mark", "items_of", "read_mark", "statement_digest", "statement_sentences"]
