"""result orders: large results that are computed in the background, and how far they are"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

STATES = ("waiting", "running", "done", "failed")
OPEN = sa.text("state IN ('waiting', 'running')")


def upgrade() -> None:
    op.create_table(
        "result_orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("requester_id", sa.Integer(), nullable=False),
        sa.Column("requester_role", sa.String(40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="orderstate", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(400), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(state = 'done') = (run_id IS NOT NULL)", name=op.f("ck_result_orders_done_has_run")),
        sa.ForeignKeyConstraint(["stage_id"], ["stages.id"], name=op.f("fk_result_orders_stage_id_stages")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_result_orders_call_id_calls")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_result_orders_edition_id_editions")),
        sa.ForeignKeyConstraint(["requester_id"], ["users.id"], name=op.f("fk_result_orders_requester_id_users")),
        sa.ForeignKeyConstraint(["run_id"], ["result_runs.id"], name=op.f("fk_result_orders_run_id_result_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_orders")),
    )
    op.create_index(op.f("ix_result_orders_call_id"), "result_orders", ["call_id"])
    op.create_index(op.f("ix_result_orders_edition_id"), "result_orders", ["edition_id"])
    op.create_index("uq_result_orders_open", "result_orders", ["stage_id", "call_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_table("result_orders")
