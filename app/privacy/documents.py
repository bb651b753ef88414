"""The inventory as a document: Markdown, generated, kept under docs/."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _

from app.core.inventory import Holding

from . import words
from .inventory import SECTIONS

#: Where the generated document stands, by language.
FILES = {"en": "docs/DATA_INVENTORY.md", "zh_CN": "docs/DATA_INVENTORY.zh.md"}


def inventory_markdown(locale: str) -> str:
    """Every table with purpose, columns by class, legal basis, readers, retention and what an erasure does."""
    with force_locale(locale):
        parts = ["# " + _("Data inventory"), "", _("Generated from the program by `make inventory`; do not edit by hand."), ""]
        for section in SECTIONS:
            parts += [f"## {section.title}", "", *_table(section.holdings), ""]
    return "\n".join(parts).rstrip() + "\n"


def _table(rows: tuple[Holding, ...]) -> list[str]:
    heads = (_("Data table"), _("Purpose"), _("Columns"), _("Lawful ground"), _("Readers"), _("Kept"), _("On erasure"))
    return [_line(heads), _line(("---",) * len(heads)), *(_line(_cells(row)) for row in rows)]


def _cells(row: Holding) -> tuple[str, ...]:
    columns = "<br>".join(f"**{words.CLASSES[kind]}** {', '.join(names)}" for kind, names in row.columns())
    readers = _("; ").join(str(words.READERS[reader]) for reader in row.readers)
    return (
        f"`{row.table}`", str(row.purpose), columns, str(words.BASES[row.basis]), readers, words.how_long(row.keep),
        str(words.ERASURES[row.erasure]),
    )  # fmt: skip


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
