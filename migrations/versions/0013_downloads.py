"""downloads: long files that were ordered, how far they are, and until when they are kept"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

STATES = ("waiting", "running", "ready", "failed", "expired")


def upgrade() -> None:
    op.create_table(
        "downloads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(43), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(10), nullable=False),
        sa.Column("requester_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.Enum(*STATES, name="downloadstate", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("blob_id", sa.Integer(), nullable=True),
        sa.Column("failure", sa.String(400), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'ready') = (blob_id IS NOT NULL)", name=op.f("ck_downloads_ready_has_file")),
        sa.CheckConstraint("(state != 'ready') OR (expires_at IS NOT NULL)", name=op.f("ck_downloads_ready_expires")),
        sa.ForeignKeyConstraint(["requester_id"], ["users.id"], name=op.f("fk_downloads_requester_id_users")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_downloads_edition_id_editions")),
        sa.ForeignKeyConstraint(["blob_id"], ["blobs.id"], name=op.f("fk_downloads_blob_id_blobs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_downloads")),
        sa.UniqueConstraint("code", name=op.f("uq_downloads_code")),
        sa.UniqueConstraint("blob_id", name=op.f("uq_downloads_blob_id")),
    )
    op.create_index(op.f("ix_downloads_requester_id"), "downloads", ["requester_id"])
    op.create_index(op.f("ix_downloads_edition_id"), "downloads", ["edition_id"])
    op.create_index("ix_downloads_state", "downloads", ["state", "ordered_at"])


def downgrade() -> None:
    op.drop_table("downloads")
