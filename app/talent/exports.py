"""The talent ledger as an Excel file, masked as a public office must."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from app.documents.excel import Cell, Sheet, workbook
from app.notices.rules import scrub

from .queries import RecordRow


def records_workbook(rows: Sequence[RecordRow]) -> bytes:
    """One line a record. Names in full; numbers of persons are not among the columns, and typed ones are masked."""
    heads = [(_("Number"), 14), (_("Name of the person"), 12), (_("Unit"), 30), (_("Programme"), 24), (_("Tier"), 14), (_("Award"), 14),
             (_("Contest"), 30),
             (_("Entry"), 36), (_("State"), 12), (_("Proposed on"), 12), (_("Confirmed on"), 12),
             (_("Valid until"), 12), (_("Landing by"), 12),
             (_("Support (10,000 yuan)"), 14), (_("Reason"), 30)]  # fmt: skip
    return workbook([Sheet(_("Selection records"), heads, [_row(row) for row in rows])])


def _row(row: RecordRow) -> list[Cell]:
    record = row.record
    return [
        record.number, record.person_name, scrub(record.unit), row.program.name, row.tier.name, row.award, row.edition, scrub(row.entry),
        str(record.state.label), record.proposed_at.date(), record.confirmed_at.date() if record.confirmed_at else None,
        record.valid_until, record.land_until, row.tier.support_wan, scrub(record.closed_reason),
    ]  # fmt: skip
