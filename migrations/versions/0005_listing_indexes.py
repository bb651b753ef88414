"""listing_indexes: the page of a list is found without reading whole entries or whole results"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_index("ix_entries_listing", "entries", ["edition_id", "call_id", "state", "submitted_at", "score_shown"])
    op.create_index("ix_standings_run_position", "standings", ["run_id", "position"])


def downgrade() -> None:
    op.drop_index("ix_standings_run_position", table_name="standings")
    op.drop_index("ix_entries_listing", table_name="entries")
