"""edition rooms: how many bytes the files of an edition take, counted as they come"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "edition_rooms",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("taken", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_edition_rooms_edition_id_editions")),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_edition_rooms")),
    )
    op.execute(
        "INSERT INTO edition_rooms (edition_id, taken) SELECT e.edition_id, sum(b.size) FROM entry_files f "
        "JOIN entries e ON e.id = f.entry_id JOIN blobs b ON b.id = f.blob_id GROUP BY e.edition_id"
    )


def downgrade() -> None:
    op.drop_table("edition_rooms")
