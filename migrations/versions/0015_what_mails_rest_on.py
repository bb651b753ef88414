"""Each mail says which right of its receiver it rests on"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    with op.batch_alter_table("messages") as batch_op:
        batch_op.add_column(sa.Column("rests_on", sa.String(60), nullable=False, server_default=""))
    with op.batch_alter_table("messages") as batch_op:
        batch_op.alter_column("rests_on", existing_type=sa.String(60), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("messages") as batch_op:
        batch_op.drop_column("rests_on")
