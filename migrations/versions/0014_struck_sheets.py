"""A request about a signed sheet can be one to strike it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    with op.batch_alter_table("reopenings") as batch_op:
        batch_op.add_column(sa.Column("strikes", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("reopenings") as batch_op:
        batch_op.alter_column("strikes", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("reopenings") as batch_op:
        batch_op.drop_column("strikes")
