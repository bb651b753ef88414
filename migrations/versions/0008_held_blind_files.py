"""blind_copies.undecided, blind_files.sent_blob_id: files held back until the staff decides, and those that the team sent anew"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("blind_copies", sa.Column("undecided", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("blind_files") as table:
        table.alter_column("blob_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("sent_blob_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_blind_files_sent_blob_id_blobs"), "blobs", ["sent_blob_id"], ["id"])
        table.create_index(op.f("ix_blind_files_sent_blob_id"), ["sent_blob_id"])


def downgrade() -> None:
    op.execute("DELETE FROM blind_files WHERE blob_id IS NULL")
    with op.batch_alter_table("blind_files") as table:
        table.drop_index(op.f("ix_blind_files_sent_blob_id"))
        table.drop_constraint(op.f("fk_blind_files_sent_blob_id_blobs"), type_="foreignkey")
        table.drop_column("sent_blob_id")
        table.alter_column("blob_id", existing_type=sa.Integer(), nullable=False)
    op.drop_column("blind_copies", "undecided")
