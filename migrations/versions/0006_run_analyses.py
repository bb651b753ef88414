"""run_analyses: how far a run can be trusted, worked out in the background and kept beside it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "run_analyses",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["result_runs.id"], name=op.f("fk_run_analyses_run_id_result_runs"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_run_analyses")),
    )


def downgrade() -> None:
    op.drop_table("run_analyses")
