"""alarms, clock marks, verified points, checkpoints and their witnesses"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table("chain_points",
    sa.Column("chain", sa.String(length=40), nullable=False),
    sa.Column("seq", sa.Integer(), nullable=False),
    sa.Column("hash", sa.String(length=64), nullable=False),
    sa.Column("leaves", sa.Integer(), nullable=False),
    sa.Column("peaks", sa.Text(), nullable=False),
    sa.Column("verified_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("key_id", sa.String(length=16), nullable=False),
    sa.Column("signature", sa.String(length=100), nullable=False),
    sa.Column("broken_at", sa.Integer(), nullable=True),
    sa.Column("reason", sa.String(length=200), nullable=False),
    sa.Column("whole_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("whole_asked_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("whole_seq", sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint("chain", name=op.f("pk_chain_points"))
    )
    op.create_table("checkpoints",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("chain", sa.String(length=40), nullable=False),
    sa.Column("size", sa.Integer(), nullable=False),
    sa.Column("head", sa.String(length=64), nullable=False),
    sa.Column("root", sa.String(length=64), nullable=False),
    sa.Column("occasion", sa.String(length=80), nullable=False),
    sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("note", sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoints"))
    )
    with op.batch_alter_table("checkpoints", schema=None) as batch_op:
        batch_op.create_index("ix_checkpoints_chain", ["chain", "size"], unique=False)

    op.create_table("clock_marks",
    sa.Column("boot", sa.String(length=64), nullable=False),
    sa.Column("wall", sa.DateTime(timezone=True), nullable=False),
    sa.Column("uptime", sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint("boot", name=op.f("pk_clock_marks"))
    )
    op.create_table("alarms",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("kind", sa.Enum("clock", "chain", "invariant", name="alarmkind", native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column("key", sa.String(length=80), nullable=False),
    sa.Column("edition_id", sa.Integer(), nullable=True),
    sa.Column("detail", sa.Text(), nullable=False),
    sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("asked_by_id", sa.Integer(), nullable=True),
    sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("closed_by_id", sa.Integer(), nullable=True),
    sa.Column("reason", sa.Text(), nullable=False),
    sa.CheckConstraint("closed_at IS NULL OR reason <> ''", name=op.f("ck_alarms_reason_when_closed")),
    sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_alarms_asked_by_id_users")),
    sa.ForeignKeyConstraint(["closed_by_id"], ["users.id"], name=op.f("fk_alarms_closed_by_id_users")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms"))
    )
    with op.batch_alter_table("alarms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alarms_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index("uq_alarms_open", ["kind", "key"], unique=True, sqlite_where=sa.text("closed_at IS NULL"), postgresql_where=sa.text("closed_at IS NULL"))

    op.create_table("witnesses",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("edition_id", sa.Integer(), nullable=True),
    sa.Column("name", sa.String(length=120), nullable=False),
    sa.Column("email", sa.String(length=254), nullable=False),
    sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("added_by_id", sa.Integer(), nullable=False),
    sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(["added_by_id"], ["users.id"], name=op.f("fk_witnesses_added_by_id_users")),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_witnesses_edition_id_editions")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_witnesses"))
    )
    with op.batch_alter_table("witnesses", schema=None) as batch_op:
        batch_op.create_index("uq_witnesses_edition", ["edition_id", "email"], unique=True, sqlite_where=sa.text("removed_at IS NULL AND edition_id IS NOT NULL"), postgresql_where=sa.text("removed_at IS NULL AND edition_id IS NOT NULL"))
        batch_op.create_index("uq_witnesses_site", ["email"], unique=True, sqlite_where=sa.text("removed_at IS NULL AND edition_id IS NULL"), postgresql_where=sa.text("removed_at IS NULL AND edition_id IS NULL"))

    op.create_table("checkpoint_copies",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("checkpoint_id", sa.Integer(), nullable=False),
    sa.Column("name", sa.String(length=120), nullable=False),
    sa.Column("email", sa.String(length=254), nullable=False),
    sa.Column("message_id", sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(["checkpoint_id"], ["checkpoints.id"], name=op.f("fk_checkpoint_copies_checkpoint_id_checkpoints")),
    sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_checkpoint_copies_message_id_messages"), ondelete="SET NULL"),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoint_copies")),
    sa.UniqueConstraint("checkpoint_id", "email", name=op.f("uq_checkpoint_copies_checkpoint_id_email"))
    )


def downgrade() -> None:
    op.drop_table("checkpoint_copies")
    with op.batch_alter_table("witnesses", schema=None) as batch_op:
        batch_op.drop_index("uq_witnesses_site", sqlite_where=sa.text("removed_at IS NULL AND edition_id IS NULL"), postgresql_where=sa.text("removed_at IS NULL AND edition_id IS NULL"))
        batch_op.drop_index("uq_witnesses_edition", sqlite_where=sa.text("removed_at IS NULL AND edition_id IS NOT NULL"), postgresql_where=sa.text("removed_at IS NULL AND edition_id IS NOT NULL"))

    op.drop_table("witnesses")
    with op.batch_alter_table("alarms", schema=None) as batch_op:
        batch_op.drop_index("uq_alarms_open", sqlite_where=sa.text("closed_at IS NULL"), postgresql_where=sa.text("closed_at IS NULL"))
        batch_op.drop_index(batch_op.f("ix_alarms_edition_id"))

    op.drop_table("alarms")
    op.drop_table("clock_marks")
    with op.batch_alter_table("checkpoints", schema=None) as batch_op:
        batch_op.drop_index("ix_checkpoints_chain")

    op.drop_table("checkpoints")
    op.drop_table("chain_points")
